// Builds app/static/dist: our CSS in one file, our modules as they are, third parties bundled; does nothing when nothing changed.
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const SOURCE = join(ROOT, 'app/static/src');
const DIST = join(ROOT, 'app/static/dist');
const WASM = join(ROOT, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm');
// The page of a door is served without us: what reads and draws its codes lies beside it.
const KIOSK = join(ROOT, 'devices/kiosk/page/built');
const KIOSK_FILES = ['detector.js', 'qr.js', basename(WASM)];
const MANIFEST = join(DIST, 'manifest.json');
// zxing-wasm 3.1 keeps the list of what it read in each frame for ever: hundreds of megabytes a day before a door.
const READ_LIST = /for \(let (\w+) = 0; \1 < (\w+)\.size\(\); \+\+\1\) \w+\.push\(\w+\(\2\.get\(\1\)\)\);/;
const listsGivenBack = {
  name: 'lists-given-back',
  setup(work) {
    let isSeen = false;
    work.onLoad({filter: /barcode-detector.dist.es.zxing-exported\.js$/}, ({path}) => {
      const source = readFileSync(path, 'utf8');
      if (!READ_LIST.test(source)) throw new Error('the decoder has changed: does it give its lists back by now?');
      isSeen = true;
      return {contents: source.replace(READ_LIST, '$& $2.delete();'), loader: 'js'};
    });
    work.onEnd(() => {
      if (!isSeen) throw new Error('the decoder lies elsewhere: does it give its lists back by now?');
    });
  },
};

const version = fingerprint([...filesUnder(SOURCE), join(ROOT, 'package-lock.json'), join(ROOT, 'build.mjs')]);
if (builtVersion() === version) {
  console.log(`front: up to date (${version})`);
} else {
  await build();
  console.log(`front: built ${version}`);
}

async function build() {
  const {build: bundle} = await esbuild();
  const workshop = join(DIST, `.${version}.${process.pid}`);
  mkdirSync(workshop, {recursive: true});
  const common = {bundle: true, minify: true, legalComments: 'linked', logLevel: 'warning', absWorkingDir: ROOT};
  await bundle({...common, entryPoints: [join(SOURCE, 'css/app.css')], outdir: join(workshop, 'css')});
  const vendors = filesUnder(join(SOURCE, 'vendor'));
  await bundle({...common, entryPoints: vendors, outdir: join(workshop, 'vendor'), format: 'esm', target: 'es2022', plugins: [listsGivenBack]});
  for (const own of ['js', 'img']) cpSync(join(SOURCE, own), join(workshop, own), {recursive: true});
  cpSync(WASM, join(workshop, 'vendor', basename(WASM)));
  mkdirSync(KIOSK, {recursive: true});
  for (const own of KIOSK_FILES) cpSync(join(workshop, 'vendor', own), join(KIOSK, own));
  publish(workshop);
}

// The folder's name is its content's fingerprint, so modules import each other relatively and may be cached for ever.
// The version before stays: a server that is still running goes on naming it.
function publish(workshop) {
  const files = filesUnder(workshop).map(name => relative(workshop, name).split(sep).join('/'));
  const old = readdirSync(DIST).filter(name => !['manifest.json', 'plain.css', version, builtVersion(), basename(workshop)].includes(name));
  rmSync(join(DIST, version), {recursive: true, force: true});
  renameSync(workshop, join(DIST, version));
  writeFileSync(`${MANIFEST}.new`, JSON.stringify({version, files}, null, 1) + '\n');
  renameSync(`${MANIFEST}.new`, MANIFEST);
  cpSync(join(SOURCE, 'plain.css'), join(DIST, 'plain.css'));
  for (const name of old) rmSync(join(DIST, name), {recursive: true, force: true});
}

async function esbuild() {
  try {
    return await import('esbuild');
  } catch (error) {
    console.error(`front: esbuild cannot be loaded; run « npm ci » first (${error.message})`);
    process.exit(1);
  }
}

function builtVersion() {
  if (!existsSync(MANIFEST)) return null;
  const built = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  return existsSync(join(DIST, 'plain.css')) && KIOSK_FILES.every(name => existsSync(join(KIOSK, name))) && built.files.every(name => existsSync(join(DIST, built.version, name))) ? built.version : null;
}

function filesUnder(folder) {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function fingerprint(names) {
  const hash = createHash('sha256');
  for (const name of names) hash.update(relative(ROOT, name)).update('\0').update(readFileSync(name)).update('\0');
  return hash.digest('hex').slice(0, 12);
}
