// Keyboard shortcuts: a key presses the control that names it in data-key. The pages work without this file.
document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (writing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  const control = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!control) return;
  event.preventDefault();
  control.focus();
  control.click();
});

// A link may carry the admin token behind the #, which browsers send to nobody: it goes into the form, and out of the address.
const token = new URLSearchParams(location.hash.slice(1)).get("token");
const field = document.querySelector("#token");
if (token && field) {
  field.value = token;
  history.replaceState(null, "", location.pathname + location.search);
}
