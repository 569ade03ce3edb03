"""A camera whose frames are searched for QR codes by zxing-cpp."""
