// What the server says when it can be reached: the passes of this phone, and what time it is.
import {forget, keep, read} from './store.js';

export class SignedOut extends Error {}

// Gives what the server told; throws SignedOut, or TypeError without a network.
export async function ask(phone) {
  const before = Date.now();
  const answer = await fetch(`/pass/passes.json?phone=${phone?.code ?? ''}`, {headers: {Accept: 'application/json'}});
  const after = Date.now();
  if (answer.status === 401 || answer.redirected) throw new SignedOut();
  if (!answer.ok) throw new TypeError(`server: ${answer.status}`);
  const told = await answer.json();
  await keep('offset', told.now - (before + after) / 2000);
  return told;
}

// Keeps the passes for hours without a network; those of another person, or of a phone given up, are forgotten.
export async function remember(phone, told) {
  if (!phone || told.account !== phone.account || told.phone !== 'known') {
    await forget('phone', 'passes');
    return null;
  }
  const known = {passes: told.passes, at: told.now};
  await keep('passes', known);
  return known;
}

export const lastKnown = async () => (await read('passes')) ?? null;

// How many seconds our clock lies ahead of this phone's, as of the last time we were asked.
export const clockOffset = async () => (await read('offset')) ?? 0;
