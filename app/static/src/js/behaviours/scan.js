// Scan from anywhere on the desk: what a wedge scanner types lands in this form's field and is sent at its Enter.
const FASTEST_HUMAN = 35; // ms between keys: readers type in 1 to 20, quick hands in 60 and more
const SHORTEST_CODE = 12;

export function mount(form) {
  const field = form.querySelector('input[type="search"], input[type="text"]');
  let typed = '';
  let last = 0;
  field.focus();

  document.addEventListener('keydown', event => {
    if (event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
    const fast = event.timeStamp - last < FASTEST_HUMAN;
    last = event.timeStamp;
    if (event.key === 'Enter') {
      if (typed.length >= SHORTEST_CODE && fast) send(event);
      typed = '';
    } else if (event.key.length === 1) {
      typed = (fast ? typed : '') + event.key;
    } else if (event.key !== 'Shift') {
      typed = '';
    }
  }, {capture: true});

  function send(event) {
    event.preventDefault();
    event.stopPropagation();
    field.value = typed;
    form.classList.add('scanned');
    form.requestSubmit();
  }
}
