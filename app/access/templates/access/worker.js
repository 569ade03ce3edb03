// Keeps the page of the live pass and its files on this phone, so that it opens without a network.
const KEPT = {{ kept | tojson }};
const SHELL = '/pass';
const SHELF = 'totem-pass-1';
const PATIENCE = 3000;

self.addEventListener('install', event => event.waitUntil((async () => {
  const shelf = await caches.open(SHELF);
  await shelf.addAll(KEPT);
  await keepShell(shelf);
  await self.skipWaiting();
})()));

self.addEventListener('activate', event => event.waitUntil((async () => {
  const shelf = await caches.open(SHELF);
  for (const request of await shelf.keys()) {
    const path = new URL(request.url).pathname;
    if (path !== SHELL && !KEPT.includes(path)) await shelf.delete(request);
  }
  await self.clients.claim();
})()));

self.addEventListener('fetch', event => {
  const {pathname, origin} = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && pathname === SHELL) event.respondWith(shell(event.request));
  else if (KEPT.includes(pathname)) event.respondWith(file(event.request));
});

async function keepShell(shelf) {
  const answer = await fetch(SHELL);
  if (answer.ok && !answer.redirected) await shelf.put(SHELL, answer);
}

// The network first, because a newer page may be there; what was kept, when it does not answer in time.
async function shell(request) {
  const shelf = await caches.open(SHELF);
  const kept = await shelf.match(SHELL);
  const asked = fetch(request).then(async answer => {
    if (answer.ok && !answer.redirected) await shelf.put(SHELL, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  const late = new Promise(resolve => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([asked.catch(() => kept), late]);
}

async function file(request) {
  const shelf = await caches.open(SHELF);
  return await shelf.match(request) ?? fetch(request);
}
