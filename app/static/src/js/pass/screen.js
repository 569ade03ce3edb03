// The code on the screen: as wide as it can be, sharp, black on pure white.
import {qrcode} from '../../vendor/qr.js';

const QUIET = 4;
const LEVEL = 'L'; // on a screen large modules are worth more than repair

export function draw(canvas, text) {
  const code = qrcode(0, LEVEL);
  code.addData(text, 'Alphanumeric');
  code.make();
  const count = code.getModuleCount();
  const side = count + 2 * QUIET;
  const scale = Math.max(4, Math.floor((canvas.clientWidth || 360) * (globalThis.devicePixelRatio || 1) / side));
  canvas.width = canvas.height = side * scale;
  const brush = canvas.getContext('2d');
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = '#000';
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) brush.fillRect((column + QUIET) * scale, (row + QUIET) * scale, scale, scale);
    }
  }
}

// Keeps the screen awake while the page is seen; browsers without it leave that to their owner.
export function stayAwake() {
  const ask = () => document.visibilityState === 'visible' && navigator.wakeLock?.request('screen').catch(() => {});
  document.addEventListener('visibilitychange', ask);
  ask();
}
