// Submits the form when a choice changes; its button stays for those without JavaScript.
export function mount(form) {
  form.addEventListener('change', () => form.requestSubmit());
}
