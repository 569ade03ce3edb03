// htmx as one module: page parts asked for and swapped by attributes.
import htmx from 'htmx.org/dist/htmx.esm.js';

export default htmx;
