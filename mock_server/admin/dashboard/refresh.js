// Looking again: at once when something was done, soon after an exchange, and every so often, while the page is in sight.

/** Call `look` at those times; the function that is returned does it at once. Looks never overlap. */
export function keepFresh(page, { store, scope, every, soonAfter = 300 }, look) {
  let [busy, again] = [false, false];
  let soon = null;

  async function now() {
    if (page.hidden || document.hidden) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await look();
    } catch {
      // the emulator may have stopped: the header tells, and the next look may find it again
    } finally {
      busy = false;
      if (again) {
        again = false;
        now();
      }
    }
  }

  scope.listen(now);
  store.listen(() => {
    soon ??= setTimeout(() => {
      soon = null;
      now();
    }, soonAfter);
  });
  setInterval(now, every);
  return now;
}
