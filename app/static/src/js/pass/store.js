// What the phone keeps: its key, its last passes, how its clock differs. Every call may fail in private windows.
const NAME = 'totem-pass';
const SHELF = 'kept';

export async function read(name) {
  const shelf = (await open()).transaction(SHELF).objectStore(SHELF);
  return done(shelf.get(name));
}

export async function keep(name, value) {
  const shelf = (await open()).transaction(SHELF, 'readwrite').objectStore(SHELF);
  return done(shelf.put(value, name));
}

export async function forget(...names) {
  const shelf = (await open()).transaction(SHELF, 'readwrite').objectStore(SHELF);
  await Promise.all(names.map(name => done(shelf.delete(name))));
}

function open() {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
  return done(asked);
}

function done(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
