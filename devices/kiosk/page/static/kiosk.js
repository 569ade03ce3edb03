// The page of a door: draws the views it is told, sounds, and hands in the codes that the camera sees.
import {watchCamera} from './camera.js';
import {draw} from './challenge.js';

const SHAPES = {idle: '▣', open: '✓', shut: '✕', wait: '…', fault: '!'};
const SOUNDS = {open: [[660, 0.12], [880, 0.22]], shut: [[220, 0.2], [180, 0.3]], fault: [[160, 0.5]]};
const SILENT_AFTER = 25_000;
const by = id => document.getElementById(id);
let heardAt = Date.now(), last = '';

const settings = await (await fetch('/settings')).json();
listen();
if (settings.camera) watchCamera(by('camera'), text => post('/scan', {text}));
for (const button of document.querySelectorAll('[data-language]'))
  button.addEventListener('click', () => post('/language', {language: button.dataset.language}));
setInterval(look, 5000);

function listen() {
  const views = new EventSource('/views');
  views.addEventListener('message', event => { heardAt = Date.now(); show(event.data); });
  views.addEventListener('alive', () => { heardAt = Date.now(); });
}

function show(content) {
  if (content === last || content === 'null') return;
  last = content;
  const view = JSON.parse(content), before = document.body.dataset.tone;
  document.body.dataset.tone = view.tone;
  document.documentElement.lang = view.language;
  const shape = document.createElement('span');
  shape.textContent = SHAPES[view.tone];
  by('shape').replaceChildren(shape);
  by('word').textContent = view.word;
  by('sentence').textContent = view.sentence;
  for (const name of ['notes', 'lines', 'people'])
    by(name).replaceChildren(...view[name].map(line => Object.assign(document.createElement('li'), {textContent: line})));
  by('people').hidden = !view.people.length;
  by('wishes').replaceChildren(...view.buttons.map(wishButton));
  for (const button of document.querySelectorAll('[data-language]'))
    button.setAttribute('aria-pressed', String(button.dataset.language === view.language));
  draw(by('challenge'), view.challenge);
  if (view.tone !== before || view.tone === 'shut') sound(SOUNDS[view.tone]);
  document.body.dataset.shownAt = String(Date.now());
}

function wishButton([name, label, isEnabled]) {
  const button = Object.assign(document.createElement('button'), {type: 'button', textContent: label, disabled: !isEnabled});
  button.dataset.wish = name;
  button.addEventListener('click', () => post('/wish', {wish: name}));
  return button;
}

let audio = null;
function sound(notes) {
  if (!notes) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [pitch, length] of notes) {
    const tone = new OscillatorNode(audio, {frequency: pitch}), volume = new GainNode(audio, {gain: 0.2});
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at += length);
  }
}

function post(address, content) {
  return fetch(address, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(content)}).catch(() => {});
}

// Nobody speaks to us any more: say so. At night, when nobody is there, begin anew: no browser runs for ever.
// While nobody answers there would be no page to begin with.
function look() {
  const isHeard = Date.now() - heardAt < SILENT_AFTER;
  by('alone').hidden = isHeard;
  const now = new Date(), [hour, minute] = settings.reload_at.split(':').map(Number);
  const isTime = now.getHours() === hour && now.getMinutes() === minute;
  if (isTime && isHeard && performance.now() > 3_600_000 && document.body.dataset.tone === 'idle') location.reload();
}
