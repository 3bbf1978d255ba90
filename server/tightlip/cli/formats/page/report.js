"use strict";
const form = document.getElementById("filters");
if (form) {
  const rows = [...document.querySelectorAll("#findings tbody tr")];
  const text = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = ["severity", "category", "rule"].every((key) => !form[key].value || row.dataset[key] === form[key].value);
      row.hidden = !(fits && words.every((word) => text[index].includes(word)));
      shown += row.hidden ? 0 : 1;
    });
    document.getElementById("shown").textContent = `${shown} of ${rows.length}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
}
