"use strict";
// Shows what the page pools as data (see payload.py), row by row.  Text from the scan enters the
// page only through textContent.
(() => {
  const CHUNK = 100;
  const ROW = 46;
  const FEW = 4;
  const WORDS = { fail: "failed", undetermined: "undetermined", pass: "passed" };
  const VERDICTS = Object.keys(WORDS);
  const scan = JSON.parse(document.getElementById("scan").textContent);
  const collator = new Intl.NumberFormat("en");
  const write = (count) => collator.format(count);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function make(tag, options = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (name === "text") element.textContent = value;
      else if (name === "on") element.addEventListener("click", value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const mark = (verdict, text) => make("span", { class: `mark ${verdict}`, text });

  // ---- resources -------------------------------------------------------------------------------

  const count = scan.addresses.length;
  function addressOf(resource) {
    const module = scan.modules[scan.of[3 * resource]];
    return module ? `${module}.${scan.addresses[resource]}` : scan.addresses[resource];
  }
  const typeOf = (resource) => scan.types[scan.of[3 * resource + 1]];
  const placeOf = (resource) => scan.places[scan.of[3 * resource + 2]];
  const linkTo = (resource) => `#resource/${encodeURIComponent(addressOf(resource))}`;

  const tallies = Object.fromEntries(VERDICTS.map((verdict) => [verdict, new Int32Array(count)]));
  for (const group of scan.groups) {
    const passed = new Int32Array(group.pass.length);
    let resource = 0;
    for (let index = 0; index < passed.length; index += 1) {
      resource += group.pass[index];
      passed[index] = resource;
      tallies.pass[resource] += 1;
    }
    group.pass = passed;
    for (const row of group.fail) tallies.fail[row[0]] += 1;
    for (const row of group.undetermined) tallies.undetermined[row[0]] += 1;
  }

  function facts(resource, row, from) {
    const lines = [];
    for (let index = from; index < row.length; index += 2) {
      const line = make("p", { class: "fact" });
      const source = row[index] < 0 ? scan.text[-1 - row[index]].replace(/^\./, "") : scan.text[row[index]];
      if (source) line.append(make("code", { text: source }), ": ");
      line.append(scan.text[row[index + 1]]);
      lines.push(line);
    }
    return lines;
  }

  function evidence(group, verdict, index) {
    if (verdict !== "pass") return facts(group[verdict][index][0], group[verdict][index], 1);
    return group.passes ? facts(group.pass[index], group.passes[index], 0) : [];
  }

  // ---- drawings: each stands once in the page, and is copied where it is asked for --------------

  const drawings = all("details.path");
  let copies = 0;

  function figure(number) {
    const original = document.getElementById(`figure-${number}`);
    if (!original) return make("p", { class: "quiet", text: "It is not drawn." });
    const copy = original.cloneNode(true);
    copies += 1;
    copy.removeAttribute("id");
    for (const item of all("[id]", copy)) item.id += `-${copies}`;
    for (const item of all("[aria-labelledby]", copy)) {
      item.setAttribute("aria-labelledby", item.getAttribute("aria-labelledby").replaceAll(/\S+/g, (id) => `${id}-${copies}`));
    }
    return copy;
  }

  function ways(group, verdict, index) {
    return (group.ways?.[verdict]?.[index] ?? []).map((number) => {
      if (number < 0) return make("p", { class: "fact", text: scan.text[-1 - number] });
      const title = document.getElementById(`path/${number}`).querySelector("summary").textContent;
      const way = make("details", { class: "way" }, make("summary", { text: title }));
      const draw = () => {
        if (way.childElementCount === 1) way.append(figure(number));
      };
      way.addEventListener("toggle", () => way.open && draw());
      if (drawings.length <= FEW) {
        draw();
        way.open = true;
      }
      return way;
    });
  }

  // ---- tables of any length: only rows near the window exist -----------------------------------

  const owners = new WeakMap();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) owners.get(entry.target)?.seen(entry.target, entry.isIntersecting);
    },
    { rootMargin: "1500px 0px" },
  );

  class Rows {
    constructor(className, label, headings, draw) {
      this.draw = draw;
      this.columns = headings.length;
      const head = make("thead", {}, make("tr", {}, ...headings.map((text) => make("th", { scope: "col", text }))));
      this.table = make("table", { class: className, "aria-label": label }, head);
      this.bodies = [];
    }

    show(items) {
      for (const body of this.bodies) {
        observer.unobserve(body);
        body.remove();
      }
      this.items = items;
      this.bodies = [];
      const few = items.length <= 2 * CHUNK;
      for (let start = 0; start < items.length; start += CHUNK) {
        const body = make("tbody");
        body.start = start;
        this.bodies.push(body);
        if (few) this.fill(body);
        else this.clear(body, Math.min(CHUNK, items.length - start) * ROW);
      }
      this.table.append(...this.bodies);
      this.table.setAttribute("aria-rowcount", items.length + 1);
      if (few) return;
      for (const body of this.bodies) {
        owners.set(body, this);
        observer.observe(body);
      }
    }

    seen(body, near) {
      if (near && !body.filled) this.fill(body);
      else if (!near && body.filled && !body.contains(document.activeElement)) {
        const height = body.offsetHeight;
        if (height) this.clear(body, height);
      }
    }

    fill(body) {
      const rows = [];
      const end = Math.min(body.start + CHUNK, this.items.length);
      for (let index = body.start; index < end; index += 1) {
        const drawn = this.draw(this.items[index]);
        for (const row of drawn) row.setAttribute("aria-rowindex", index + 2);
        rows.push(...drawn);
      }
      body.filled = true;
      body.replaceChildren(...rows);
    }

    clear(body, height) {
      const cell = make("td", { colspan: this.columns });
      cell.style.height = `${height}px`;
      body.filled = false;
      body.replaceChildren(make("tr", { class: "filler", "aria-hidden": "true" }, cell));
    }

    reveal(position) {
      const body = this.bodies[Math.floor(position / CHUNK)];
      if (body && !body.filled) this.fill(body);
      return body;
    }
  }

  // ---- rules -----------------------------------------------------------------------------------

  function showGroup(place) {
    const group = scan.groups[Number(place.dataset.group)];
    const present = VERDICTS.filter((verdict) => group[verdict].length);
    let shown = present[0];
    const rows = new Rows("findings", `Checks of ${group.name}`, ["Resource", "Evidence"], (index) => {
      const resource = shown === "pass" ? group.pass[index] : group[shown][index][0];
      const link = make("a", { href: linkTo(resource) }, make("code", { text: addressOf(resource) }));
      const row = make("tr", {}, make("th", { scope: "row" }, link), make("td", {}, ...evidence(group, shown, index)));
      const drawn = ways(group, shown, index);
      return drawn.length ? [row, make("tr", { class: "drawn" }, make("td", { colspan: 2 }, ...drawn))] : [row];
    });
    const buttons = present.map((verdict) => {
      const text = `${write(group[verdict].length)} ${WORDS[verdict]}`;
      return make("button", { type: "button", on: () => choose(verdict) }, mark(verdict, text));
    });
    function choose(verdict) {
      shown = verdict;
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", present[index] === verdict));
      rows.show([...group[verdict].keys()]);
    }
    choose(shown);
    const tabs = make("div", { class: "tabs", role: "group", "aria-label": "Show checks that" }, ...buttons);
    place.replaceChildren(tabs, rows.table);
  }

  function whenOpened(details, show) {
    let done = false;
    details.addEventListener("toggle", () => {
      if (!details.open || done || printing) return;
      done = true;
      show();
    });
  }

  // ---- filters ---------------------------------------------------------------------------------

  function filter(form, changed) {
    const input = form.querySelector("input");
    const sets = all("fieldset", form).map((set) => all("button", set));
    let timer = 0;
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = sets.map((set) => set.filter((item) => item.getAttribute("aria-pressed") === "true").map((item) => item.value));
      form.querySelector(".result").textContent = changed(words, chosen, words.length > 0 || chosen.some((set) => set.length));
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 120);
    });
    for (const button of sets.flat()) {
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
        apply();
      });
    }
    return () => {
      input.value = "";
      for (const button of sets.flat()) button.setAttribute("aria-pressed", "false");
      apply();
    };
  }

  const fits = (text, words) => words.every((word) => text.includes(word));
  const lower = (element) => (element.searched ??= element.textContent.toLowerCase());

  let clearRequirements = () => {};
  const requirementForm = document.getElementById("requirement-controls");
  if (requirementForm) {
    const frameworks = all("details.framework");
    for (const item of frameworks) if (!("keep" in item.dataset)) item.open = false;
    const rows = all("tr[data-status]");
    const bodies = all(".requirements tbody");
    clearRequirements = filter(requirementForm, (words, [statuses], narrowed) => {
      let found = 0;
      for (const row of rows) {
        const fit = (!statuses.length || statuses.includes(row.dataset.status)) && fits(lower(row), words);
        row.hidden = !fit;
        found += fit;
      }
      for (const body of bodies) body.hidden = !body.querySelector("tr[data-status]:not([hidden])");
      for (const item of frameworks) {
        item.hidden = !item.querySelector("tr[data-status]:not([hidden])");
        if (narrowed && !item.hidden && found <= 300) item.open = true;
      }
      return narrowed ? `${write(found)} of ${write(rows.length)} requirements` : "";
    });
  }

  const rules = all("details.rule");
  for (const rule of rules) {
    rule.open = false;
    rule.searched = `${rule.id} ${rule.querySelector("summary").textContent} ${rule.querySelector(".advice").textContent}`.toLowerCase();
    whenOpened(rule, () => all(".live", rule).forEach(showGroup));
  }
  const clearRules = filter(document.getElementById("rule-controls"), (words, [verdicts, severities], narrowed) => {
    let found = 0;
    for (const rule of rules) {
      const outcome = verdicts.length === 0 || verdicts.some((verdict) => rule.querySelector(`summary .mark.${verdict}`));
      const fit = outcome && (!severities.length || severities.includes(rule.dataset.severity)) && fits(rule.searched, words);
      rule.hidden = !fit;
      found += fit;
    }
    return narrowed ? `${write(found)} of ${write(rules.length)} rules` : "";
  });

  // ---- resources, one row each -----------------------------------------------------------------

  const opened = new Set();
  const list = new Rows("list", "Resources", ["Resource", "Type", "Checks"], (resource) => {
    const open = opened.has(resource);
    const button = make("button", { type: "button", class: "address", "aria-expanded": open, text: addressOf(resource) });
    const name = make("th", { scope: "row" }, button);
    if (placeOf(resource)) name.append(make("span", { class: "place", text: placeOf(resource) }));
    const tally = make("span", { class: "tally" });
    for (const verdict of VERDICTS) {
      const found = tallies[verdict][resource];
      if (found) tally.append(mark(verdict, `${write(found)} ${WORDS[verdict]}`));
    }
    const row = make("tr", {}, name, make("td", {}, make("code", { text: typeOf(resource) })), make("td", {}, tally));
    button.addEventListener("click", () => {
      const now = !opened.has(resource);
      button.setAttribute("aria-expanded", now);
      if (now) {
        opened.add(resource);
        row.after(detail(resource));
      } else {
        opened.delete(resource);
        row.nextSibling.remove();
      }
    });
    return open ? [row, detail(resource)] : [row];
  });

  function detail(resource) {
    const items = make("ul");
    for (const verdict of VERDICTS) {
      for (const group of scan.groups) {
        const rows = group[verdict];
        for (let index = 0; index < rows.length; index += 1) {
          if ((verdict === "pass" ? rows[index] : rows[index][0]) !== resource) continue;
          const [id, title] = scan.rules[group.rule];
          const item = make("li", {}, mark(verdict, WORDS[verdict]), " ", make("a", { href: `#rule/${id}`, text: title }));
          if (group.settings) item.append(make("span", { class: "quiet", text: ` (${group.settings})` }));
          item.append(...evidence(group, verdict, index), ...ways(group, verdict, index));
          items.append(item);
        }
      }
    }
    const link = make("a", { href: linkTo(resource), text: "Link to this resource" });
    return make("tr", { class: "detail" }, make("td", { colspan: 3 }, items, make("p", { class: "quiet fact" }, link)));
  }

  let searched;
  const everything = [...Array(count).keys()];
  const clearResources = filter(document.getElementById("resource-controls"), (words, [verdicts]) => {
    if (words.length) searched ??= everything.map((item) => `${addressOf(item)} ${typeOf(item)} ${placeOf(item)}`.toLowerCase());
    const found = everything.filter(
      (item) =>
        (!verdicts.length || verdicts.some((verdict) => tallies[verdict][item])) &&
        (!words.length || fits(searched[item], words)),
    );
    list.show(found);
    return found.length === count ? `${write(count)} resources with checks` : `${write(found.length)} of ${write(count)} resources`;
  });
  document.getElementById("resource-list").append(list.table);
  clearResources();

  // ---- what is missing -------------------------------------------------------------------------

  const missing = new Map(scan.reasons.map(([text, items]) => [text, new Set(items)]));
  for (const reason of all("details.reason")) {
    whenOpened(reason, () => {
      const wanted = missing.get(reason.dataset.reason) ?? new Set();
      const found = [];
      for (const group of scan.groups) {
        group.undetermined.forEach((row, index) => {
          for (let at = 2; at < row.length; at += 2) {
            if (wanted.has(row[at])) {
              found.push([group, row]);
              break;
            }
          }
        });
      }
      const rows = new Rows("findings", reason.dataset.reason, ["Resource", "Rule and missing facts"], ([group, row]) => {
        const [id, title] = scan.rules[group.rule];
        const link = make("a", { href: linkTo(row[0]) }, make("code", { text: addressOf(row[0]) }));
        const what = make("td", {}, make("a", { href: `#rule/${id}`, text: title }));
        if (group.settings) what.append(make("span", { class: "quiet", text: ` (${group.settings})` }));
        what.append(...facts(row[0], row, 1));
        return [make("tr", {}, make("th", { scope: "row" }, link), what)];
      });
      rows.show(found);
      reason.querySelector(".live").replaceChildren(rows.table);
    });
  }

  // ---- networks --------------------------------------------------------------------------------

  const networkForm = document.getElementById("network-controls");
  if (networkForm) {
    const subnets = all(".segments tbody tr");
    const reached = all(".exposed tbody tr");
    filter(networkForm, (words, [classes], narrowed) => {
      let found = 0;
      for (const row of subnets) {
        row.hidden = !((!classes.length || classes.includes(row.dataset.class)) && fits(lower(row), words));
        found += !row.hidden;
      }
      let met = 0;
      for (const row of reached) {
        row.hidden = !fits(lower(row), words);
        met += !row.hidden;
      }
      for (const item of drawings) item.hidden = !fits(lower(item), words);
      return narrowed ? `${write(found)} of ${write(subnets.length)} subnets, ${write(met)} of ${write(reached.length)} ways from the internet` : "";
    });
    for (const link of all(".exposed a.way")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const row = link.closest("tr");
        const number = link.getAttribute("href").slice("#path/".length);
        const next = row.nextElementSibling;
        if (next?.matches(".drawn")) {
          next.remove();
          if (next.dataset.way === number) return;
        }
        row.after(make("tr", { class: "drawn", "data-way": number }, make("td", { colspan: 5 }, figure(number))));
      });
    }
  }

  // ---- deep links: #rule/ID, #path/NUMBER and #resource/ADDRESS -------------------------------

  function follow() {
    let hash = "";
    try {
      hash = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (hash.startsWith("resource/")) {
      const address = hash.slice("resource/".length);
      const resource = everything.find((item) => addressOf(item) === address);
      if (resource === undefined) return;
      clearResources();
      opened.add(resource);
      const body = list.reveal(resource);
      list.fill(body);
      const button = body.querySelector(`[aria-rowindex="${resource + 2}"] button`);
      button.scrollIntoView({ block: "center" });
      requestAnimationFrame(() => {
        button.scrollIntoView({ block: "center" });
        button.focus({ preventScroll: true });
      });
      return;
    }
    const target = document.getElementById(hash);
    if (!(target instanceof HTMLDetailsElement)) return;
    if (target.hidden) (target.matches(".rule") ? clearRules : clearRequirements)();
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", follow);

  // ---- paper: everything that is printed is static, and open -----------------------------------

  let printing = false;
  let closed = [];
  addEventListener("beforeprint", () => {
    printing = true;
    closed = all("details.framework:not([open]), details.rule:not([open]), details.reason:not([open]), details.type:not([open]), details.path:not([open])")
      .filter((item) => !item.matches('.rule[data-verdict="pass"], .rule[data-verdict="none"]'));
    for (const item of closed) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of closed) item.open = false;
    closed = [];
    setTimeout(() => { printing = false; }, 0);
  });

  follow();
})();
