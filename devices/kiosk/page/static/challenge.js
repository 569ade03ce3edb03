// Draws a door's challenge as a code for the phone to read; nothing is shown while there is none.
import {qrcode} from './qr.js';

export function draw(place, text) {
  place.hidden = !text;
  if (!text || place.dataset.text === text) return;
  place.dataset.text = text;
  const code = qrcode(0, 'M');
  code.addData(text, 'Alphanumeric');
  code.make();
  const drawing = new DOMParser().parseFromString(code.createSvgTag({cellSize: 4, margin: 16, scalable: true}), 'image/svg+xml');
  place.replaceChildren(document.importNode(drawing.documentElement, true));
}
