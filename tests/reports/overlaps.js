() => {
  const troubles = [];
  const place = (item) => item.getBoundingClientRect();
  const all = (selector) => [...document.querySelectorAll(selector)];
  const sheet = place(document.querySelector("svg"));
  const name = (item) => `${item.getAttribute("class")} ${item.lastChild?.textContent ?? ""}`.slice(0, 60);
  const wide = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const tall = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);

  for (const item of all("text, rect, circle")) {
    const box = place(item);
    const beyond = Math.max(sheet.left - box.left, box.right - sheet.right, sheet.top - box.top, box.bottom - sheet.bottom);
    if (beyond > 0.5) troubles.push(`outside: ${name(item)}`);
  }
  // A line of text is higher than its letters: lines may touch.
  const pairs = (items, high, say) =>
    items.forEach((item, index) => {
      for (const other of items.slice(index + 1)) {
        if (wide(place(item), place(other)) > 0.5 && tall(place(item), place(other)) > high) troubles.push(say(item, other));
      }
    });
  pairs(all("text"), 2.5, (item, other) => `over each other: ${name(item)} | ${name(other)}`);
  pairs(all(".box, .gate"), 0.5, () => "two boxes over each other");
  pairs(all(".area.network, .area.hub"), 0.5, () => "two networks over each other");
  for (const box of all(".box, .gate").map(place)) {
    for (const item of all("text:not(.query)")) {
      const its = place(item);
      const inside = its.left >= box.left - 0.5 && its.right <= box.right + 0.5;
      if (!inside && wide(box, its) > 0.5 && tall(box, its) > 2.5) troubles.push(`across an edge: ${name(item)}`);
    }
  }
  return troubles;
}
