// Small conveniences. Every page works without them.
(() => {
  // A choice in a list of a form marked with data-submit sends the form.
  for (const field of document.querySelectorAll("[data-submit]")) {
    field.addEventListener("change", () => field.form.requestSubmit());
  }

  // A form that takes seconds is sent once, and says that it works. The button must still be in what is sent.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      event.submitter?.append(" …");
      setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
    });
  }
  // The page is as it was when somebody comes back to it.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());

  // Airflow shows the pages in a frame. A link to one of Airflow's own pages must lead the window there, not the frame,
  // and Airflow does not let the frame do that; a link in Airflow's own document can.
  const frame = window.frameElement;
  for (const link of frame ? document.querySelectorAll("a[data-airflow]") : []) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const outer = frame.ownerDocument.createElement("a");
      outer.href = link.href;
      frame.ownerDocument.body.append(outer);
      outer.click();
      outer.remove();
    });
  }
})();
