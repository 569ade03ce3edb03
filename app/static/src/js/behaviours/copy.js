// Copies data-copy (a text, or #id of a field) and says so on the button for two seconds.
export function mount(button) {
  const word = button.querySelector('span') ?? button;
  const text = word.textContent;
  button.hidden = !navigator.clipboard;

  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(asked(button.dataset.copy));
    word.textContent = button.dataset.copied ?? text;
    setTimeout(() => { word.textContent = text; }, 2000);
  });
}

function asked(source) {
  if (!source.startsWith('#')) return source;
  const field = document.querySelector(source);
  return field.value ?? field.textContent.trim();
}
