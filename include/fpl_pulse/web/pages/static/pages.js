// Small conveniences. Every page works without them.
(() => {
  // A choice in a list of a form marked with data-submit sends the form.
  for (const field of document.querySelectorAll("[data-submit]")) {
    field.addEventListener("change", () => field.form.requestSubmit());
  }
})();
