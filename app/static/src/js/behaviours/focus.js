// Takes the focus when it appears: the summary of errors is read first.
export function mount(element) {
  element.focus({preventScroll: false});
}
