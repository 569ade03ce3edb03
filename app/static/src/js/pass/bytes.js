// Bytes as passes write them: joined, counted big end first, and in base45 (RFC 9285).
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function bigEndian(number, width) {
  const bytes = new Uint8Array(width);
  for (let at = width - 1, rest = number; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

export function toBase45(bytes) {
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const pair = bytes[at] * 256 + bytes[at + 1];
    text += ALPHABET[pair % 45] + ALPHABET[Math.floor(pair / 45) % 45] + ALPHABET[Math.floor(pair / 2025)];
  }
  if (bytes.length % 2) {
    const last = bytes[bytes.length - 1];
    text += ALPHABET[last % 45] + ALPHABET[Math.floor(last / 45)];
  }
  return text;
}

// Gives null for what is not base45.
export function fromBase45(text) {
  const values = [...text].map(letter => ALPHABET.indexOf(letter));
  if (values.includes(-1) || values.length % 3 === 1) return null;
  const bytes = [];
  for (let at = 0; at < values.length; at += 3) {
    const [first, second, third] = values.slice(at, at + 3);
    const whole = third !== undefined;
    const value = first + 45 * second + (whole ? 2025 * third : 0);
    if (value > (whole ? 0xffff : 0xff)) return null;
    if (whole) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}

export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
}
