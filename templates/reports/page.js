// Narrows the page down to what somebody looks for. Without it everything is shown.
(() => {
  "use strict";
  const bar = document.getElementById("filter");
  const field = bar.querySelector("input");
  const said = bar.querySelector("output");
  // Marks are left out, so that what is typed without them is found: "khong dat", "không đạt".
  const plain = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  const entries = Array.from(document.querySelectorAll("[data-s]"), (row) => {
    const group = row.closest("details.target");
    return { row, group, status: row.dataset.s, name: group ? group.dataset.name : "", text: "" };
  });
  const groups = new Set(entries.map((entry) => entry.group).filter(Boolean));
  const total = entries.filter((entry) => entry.group).length;
  const words = new Map();
  for (const { row, status } of entries)
    if (!words.has(status)) words.set(status, row.dataset.w || row.querySelector(".badge").textContent);
  const boxes = Array.from(words, ([status, word]) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = status;
    label.append(box, word);
    bar.querySelector("fieldset").append(label);
    return box;
  });

  const narrow = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const terms = plain(field.value).split(/\s+/).filter(Boolean);
    const left = new Set();
    let shown = 0;
    for (const entry of entries) {
      let fits = wanted.has(entry.status);
      if (fits && terms.length) {
        entry.text ||= plain(`${entry.name} ${entry.row.textContent}`);
        fits = terms.every((term) => entry.text.includes(term));
      }
      if (entry.row.hidden === fits) entry.row.hidden = !fits;
      if (fits && entry.group) {
        left.add(entry.group);
        shown += 1;
      }
    }
    for (const group of groups) {
      group.hidden = !left.has(group);
      if (terms.length && left.size <= 20 && left.has(group)) group.open = true;
    }
    bar.classList.toggle("narrow", shown < total);
    said.textContent = `${shown} / ${total}`;
  };

  let waiting = 0;
  bar.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(narrow, 120);
  });
  const reveal = () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const group = aim && aim.closest("details");
    if (group) {
      group.open = true;
      aim.scrollIntoView({ block: "center" });
    }
  };
  addEventListener("hashchange", reveal);
  bar.hidden = false;
  narrow();
  reveal();
})();
