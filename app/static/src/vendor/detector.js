// Reads QR codes from the camera, the same in every browser; its wasm lies beside it, never on another's server.
import {BarcodeDetector, prepareZXingModule} from 'barcode-detector/ponyfill';

const locateFile = name => new URL(name, import.meta.url).href;
prepareZXingModule({overrides: {locateFile}});

export {BarcodeDetector};
