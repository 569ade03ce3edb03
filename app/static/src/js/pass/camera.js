// Reads one code with the camera behind the phone, then lets the camera go.
import {BarcodeDetector} from '../../vendor/detector.js';

const PATIENCE = 20_000;

// Gives the text of the first code seen; throws without a camera, or when nothing was seen in time.
export async function scanOnce(video) {
  const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment', width: {ideal: 1280}}});
  try {
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    return await firstCode(video);
  } finally {
    video.hidden = true;
    video.srcObject = null;
    for (const track of stream.getTracks()) track.stop();
  }
}

async function firstCode(video) {
  const detector = new BarcodeDetector({formats: ['qr_code']});
  const ends = performance.now() + PATIENCE;
  while (performance.now() < ends) {
    const [seen] = await detector.detect(video);
    if (seen) return seen.rawValue;
    await new Promise(resolve => requestAnimationFrame(resolve));
  }
  throw new Error('no code');
}
