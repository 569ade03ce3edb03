// Watches the camera: one frame is looked at at a time, and a camera that stalls is opened again.
import {BarcodeDetector} from './detector.js';

const STALLED_AFTER = 5000;
const AGAIN_AFTER = 2000;
const SAME_FOR = 1500;

export async function watchCamera(video, seen) {
  const detector = new BarcodeDetector({formats: ['qr_code']});
  let busy = false, framedAt = Date.now(), last = '', lastAt = 0, opening = null;

  async function look() {
    framedAt = Date.now();
    if (!busy) {
      busy = true;
      try {
        for (const code of await detector.detect(video)) tell(code.rawValue);
      } catch (error) {
        console.warn('frame', error.name);
      } finally {
        busy = false;
        document.body.dataset.frames = String(Number(document.body.dataset.frames ?? 0) + 1);
      }
    }
    video.requestVideoFrameCallback(look);
  }

  function tell(text) {
    const now = Date.now();
    if (text === last && now - lastAt < SAME_FOR) return;
    [last, lastAt] = [text, now];
    seen(text);
  }

  async function open() {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    const stream = await navigator.mediaDevices.getUserMedia({video: {width: {ideal: 1280}, height: {ideal: 720}}, audio: false});
    for (const track of stream.getVideoTracks())
      for (const trouble of ['ended', 'mute']) track.addEventListener(trouble, reopen);
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    framedAt = Date.now();
  }

  function reopen() {
    opening ??= new Promise(rest => setTimeout(rest, AGAIN_AFTER)).then(open).catch(error => {
      console.warn('camera', error.name);
      video.hidden = true;
    }).finally(() => { opening = null; });
  }

  video.requestVideoFrameCallback(look);
  setInterval(() => { if (Date.now() - framedAt > STALLED_AFTER) reopen(); }, AGAIN_AFTER);
  await open().catch(reopen);
}
