// What the tests ask a page about itself; evaluated in it, beside axe-core. Every function lists what is wrong.
window.inspection = (() => {
  const PRESSED = 'button, .button, summary, select, input, textarea, nav a, .actions a, .stretch, .way';
  const FOCUSED = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const FINGER = 43.5; // px: 44 in the look, less a rounding
  const RING = 2; // px
  const told = element => element.outerHTML.slice(0, 140);
  const shown = element => element.checkVisibility({visibilityProperty: true});

  // The calendar's own parts are drawn for the mouse; the list beside it is for fingers.
  function smallTargets() {
    const pressed = [...document.querySelectorAll(PRESSED)]
      .filter(element => shown(element) && !element.closest('.visually-hidden, .skip, .ec'));
    return pressed.flatMap(element => {
      const tick = element.matches('input[type=checkbox], input[type=radio]');
      const place = tick ? element.closest('li, .choice') ?? element : element;
      const {width, height} = place.getBoundingClientRect();
      const enough = width === 0 || (height >= FINGER && (tick || width >= FINGER));
      return enough ? [] : [`${Math.round(width)} × ${Math.round(height)}: ${told(element)}`];
    });
  }

  function unseenFocus() {
    const seen = element => {
      element.focus({preventScroll: true, focusVisible: true});
      const {outlineStyle, outlineWidth} = getComputedStyle(element);
      const ring = outlineStyle !== 'none' && parseFloat(outlineWidth) >= RING;
      return ring || document.activeElement !== element;
    };
    return [...document.querySelectorAll(FOCUSED)].filter(shown).filter(element => !seen(element)).map(told);
  }

  function sideways() {
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide <= 0) return [];
    const out = [...document.querySelectorAll('body *')]
      .filter(element => element.getBoundingClientRect().right > innerWidth + 1);
    return [`${wide} px too wide`, ...out.slice(-3).map(told)];
  }

  async function violations(rules) {
    const options = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};
    const found = await window.axe.run(document, {resultTypes: ['violations'], ...options});
    return found.violations.map(({id, impact, help, nodes}) =>
      `${id} (${impact}): ${help}: ` + nodes.slice(0, 3).map(node => `${node.target} ${node.html.slice(0, 160)}`).join(' | '));
  }

  return {smallTargets, unseenFocus, sideways, violations};
})();
