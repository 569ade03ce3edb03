// The phone's own key: made here, kept here, never to be taken out; enrolled by a signature over the server's nonce.
import {fromBase64, join, toBase64} from './bytes.js';
import {keep, read} from './store.js';

const ALGORITHM = {name: 'ECDSA', namedCurve: 'P-256'};
const SIGNING = {name: 'ECDSA', hash: 'SHA-256'};
const ENROLMENT = new TextEncoder().encode('RB-enrol-1\0');

export const isAble = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

// Gives {keys, code, account}, or undefined before this browser was enrolled.
export const knownPhone = () => read('phone');

export const signer = phone => async message =>
  new Uint8Array(await crypto.subtle.sign(SIGNING, phone.keys.privateKey, message));

// Makes a key and has it enrolled; throws when the server refuses or the browser keeps no key.
export async function enrol(told) {
  const keys = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  await keep('draft', keys);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
  const signature = await signer({keys})(join(ENROLMENT, fromBase64(told.nonce), publicKey));
  const answer = await fetch('/pass/phones', {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'X-CSRFToken': told.csrf},
    body: JSON.stringify({
      public_key: toBase64(publicKey), signature: toBase64(signature), nonce: told.nonce, name: nameOfBrowser(),
    }),
  });
  if (!answer.ok) throw new Error(`enrolment: ${answer.status}`);
  const phone = {keys, code: (await answer.json()).code, account: told.account};
  await keep('phone', phone);
  return phone;
}

function nameOfBrowser() {
  const agent = navigator.userAgent;
  return /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? 'Web';
}
