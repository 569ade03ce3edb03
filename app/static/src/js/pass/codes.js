// The texts a phone shows: a live code, signed for this instant, or the answer to a door's challenge.
import {bigEndian, fromBase45, join, toBase45} from './bytes.js';

const PREFIX = 'RB1:';
const CHALLENGE_PREFIX = 'RBC1:';
const NONCE_LENGTH = 8;
const context = text => new TextEncoder().encode(text + '\0');
const LIVE = context('RB-live-1');
const ANSWER = context('RB-chal-1');

export async function liveCode(pass, seconds, sign) {
  const content = fromBase45(pass.slice(PREFIX.length));
  const signature = await sign(join(LIVE, await digest(content), bigEndian(seconds, 8)));
  return envelope(content, unsigned(seconds), signature);
}

export async function answerCode(pass, challenge, sign) {
  const content = fromBase45(pass.slice(PREFIX.length));
  const signature = await sign(join(ANSWER, await digest(content), bigEndian(challenge.door, 4), challenge.nonce));
  return envelope(content, byteString(challenge.nonce), signature);
}

// Gives {door, nonce} of the code on a door's screen, or null when it is another code.
export function readChallenge(text) {
  const bytes = text.startsWith(CHALLENGE_PREFIX) ? fromBase45(text.slice(CHALLENGE_PREFIX.length)) : null;
  if (bytes === null || bytes.length !== 4 + NONCE_LENGTH) return null;
  return {door: new DataView(bytes.buffer).getUint32(0), nonce: bytes.slice(4)};
}

function envelope(content, said, signature) {
  return PREFIX + toBase45(join([0x83], byteString(content), said, byteString(signature)));
}

async function digest(content) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content));
}

function byteString(bytes) {
  return join(head(0x40, bytes.length), bytes);
}

function unsigned(number) {
  return head(0x00, number);
}

// The first bytes of a CBOR item: its kind, and its number in the shortest form.
function head(kind, number) {
  if (number < 24) return [kind | number];
  if (number < 0x100) return [kind | 24, number];
  if (number < 0x10000) return join([kind | 25], bigEndian(number, 2));
  if (number < 0x100000000) return join([kind | 26], bigEndian(number, 4));
  return join([kind | 27], bigEndian(number, 8));
}
