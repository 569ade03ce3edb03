// My pass, alive: signed anew every 5 s by a key that never leaves this phone, with or without a network.
import {answerCode, liveCode, readChallenge} from '../pass/codes.js';
import {enrol, isAble, knownPhone, signer} from '../pass/phone.js';
import {draw, stayAwake} from '../pass/screen.js';
import {ask, clockOffset, lastKnown, remember, SignedOut} from '../pass/server.js';
import {forget} from '../pass/store.js';
import {choose, fillList, show, words} from '../pass/view.js';

const EVERY = 5000;
const ASK_EVERY = 60_000;
const ANSWER_SHOWN = 30_000;

export async function mount(root) {
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/pass-worker.js', {scope: '/pass'}).catch(() => {});
  if (!isAble()) return show(root, 'unable');
  const state = {phone: undefined, known: null, offset: 0, chosen: null, told: null, answerUntil: 0};
  try {
    [state.phone, state.known, state.offset] = [await knownPhone(), await lastKnown(), await clockOffset()];
  } catch {
    return show(root, 'unable');
  }
  const part = name => root.querySelector(`[data-part="${name}"]`);
  part('enrol').addEventListener('click', () => activate());
  part('list').addEventListener('change', event => { state.chosen = event.target.value; refresh(); });
  part('challenge').addEventListener('click', () => challenge());
  addEventListener('online', () => sync());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sync());
  stayAwake();
  navigator.storage?.persist?.();
  await sync();
  setInterval(refresh, EVERY);
  setInterval(sync, ASK_EVERY);
  root.dataset.ready = 'true';

  async function sync() {
    try {
      state.told = await ask(state.phone);
      state.known = await remember(state.phone, state.told);
      if (state.known === null) state.phone = undefined;
      state.offset = await clockOffset();
      state.problem = '';
    } catch (error) {
      if (error instanceof SignedOut) {
        await forget('passes');
        state.known = null;
        return show(root, 'signed-out');
      }
      state.problem = 'offline';
    }
    await refresh();
  }

  async function activate() {
    try {
      state.told ??= await ask(state.phone);
      state.phone = await enrol(state.told);
      await sync();
    } catch {
      state.told = null;
      show(root, navigator.onLine ? 'unable' : 'offline');
    }
  }

  async function refresh() {
    if (Date.now() < state.answerUntil) return;
    const now = Math.floor(Date.now() / 1000 + state.offset);
    if (!state.phone) return show(root, state.told ? 'new' : 'offline');
    const standing = (state.known?.passes ?? []).filter(pass => pass.until > now);
    const pass = choose(standing, state.chosen, now);
    fillList(part('list'), standing, pass);
    part('status').textContent = words.status(root, state, now);
    part('clock').textContent = words.clock(root, state.offset);
    if (!pass) return show(root, 'none');
    show(root, 'pass');
    part('name').textContent = pass.name;
    part('when').textContent = pass.when;
    part('doors').textContent = pass.doors_said;
    draw(part('code'), await liveCode(pass.text, now, signer(state.phone)));
    root.dataset.drawn = String(now);
  }

  // The other way round: the door shows a code, the phone reads it and shows the answer. No clock is needed.
  async function challenge() {
    const {scanOnce} = await import('../pass/camera.js');
    const text = await scanOnce(part('camera')).catch(() => null);
    const asked = text && readChallenge(text);
    const pass = asked && (state.known?.passes ?? []).find(each => each.numbers.includes(asked.door));
    if (!pass) {
      part('status').textContent = words.say(root, asked ? 'other-door' : 'no-challenge');
      return;
    }
    part('status').textContent = words.say(root, 'answered');
    draw(part('code'), await answerCode(pass.text, asked, signer(state.phone)));
    state.answerUntil = Date.now() + ANSWER_SHOWN;
    root.dataset.answered = String(asked.door);
  }
}
