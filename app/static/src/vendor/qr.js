// The drawing of QR codes on the phone page; only js/pass/screen.js imports this.
export {default as qrcode} from 'qrcode-generator';
