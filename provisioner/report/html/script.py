"""What makes the page of a plan quick to go through: the list that is built as it comes into view, filters, keys.

It writes text into the page, and never markup.
"""

from __future__ import annotations

SCRIPT = r"""
"use strict";
const BATCH = 100, FEW = 12;
const SYMBOLS = { create: "+", update: "~", delete: "-", adopt: "=", forget: "." };
const find = (id) => document.getElementById(id);
const source = find("data");
const entries = source ? JSON.parse(source.textContent) : [];
const list = find("list"), form = find("filters");
const field = Object.fromEntries(["sought", "action", "kind", "account", "blocked"].map((id) => [id, find(id)]));
let seen = entries, words = null, opened = entries.length <= FEW;

function put(parent, name, looks, text) {
  const made = parent.appendChild(document.createElement(name));
  if (looks) made.className = looks;
  if (text !== undefined) made.textContent = text;
  return made;
}

// -- one change

function change(entry) {
  const made = document.createElement("details");
  made.className = "change " + entry.a;
  made.id = "c" + entry.i;
  const summary = put(made, "summary");
  put(summary, "b", "symbol", SYMBOLS[entry.a]).title = entry.a;
  put(summary, "span", "address", entry.n);
  if (entry.c) put(summary, "span", "called", entry.c);
  for (const mark of entry.m || []) put(summary, "em", "mark", mark);
  if (entry.a === "update") put(summary, "span", "names", (entry.f || []).map((each) => each.n).join(", "));
  put(summary, "span", "where", entry.w || "");
  made.addEventListener("toggle", () => { if (made.open) fill(made, entry); });
  if (opened && entry.a !== "adopt") { fill(made, entry); made.open = true; }
  return made;
}

function fill(made, entry) {
  if (made.children.length > 1) return;
  const body = put(made, "div", "body");
  for (const [looks, text] of entry.l) put(body, "p", looks, text);
  if (entry.f) {
    const rows = put(put(body, "table"), "tbody");
    for (const each of entry.f) {
      const row = put(rows, "tr");
      put(row, "th", "", each.n).scope = "row";
      value(put(row, "td"), each);
      put(row, "td", "where", each.w || "");
    }
  }
  if (entry.u) put(body, "p", "soft", entry.u + (entry.u === 1 ? " field" : " fields") + " unchanged.");
}

function value(cell, each) {
  const inner = (each.p || []).some(([symbol]) => symbol === "~" || symbol === "#") || (each.p || []).length > 3;
  for (const [symbol, text] of each.p || []) {
    const line = inner ? put(cell, "div") : cell;
    if (inner) put(line, "b", "symbol", symbol);
    put(line, { "-": "del", "+": "ins" }[symbol] || "span", "", text);
  }
  for (const [dates, rows] of each.t || []) {
    put(cell, "div", "", dates);
    const body = put(put(cell, "table", "plain"), "tbody");
    for (const row of rows) {
      const line = put(body, "tr");
      row.forEach((text, column) => put(line, column ? "td" : "th", "", text));
    }
  }
  if (each.r) put(cell, "small", "", " " + each.r);
}

// -- the list: batches, each filled when it is near

const watch = new IntersectionObserver((found) => {
  for (const each of found) if (each.isIntersecting) build(each.target);
}, { rootMargin: "1500px" });

function build(batch) {
  if (batch.children.length) return;
  watch.unobserve(batch);
  batch.style.minHeight = "";
  const start = Number(batch.dataset.start);
  seen.slice(start, start + BATCH).forEach((entry, n) => {
    const before = seen[start + n - 1];
    if (headed && (!before || before.s !== entry.s))
      put(batch, "h3", "", entry.s ? "Account " + entry.s : "Parent account");
    batch.appendChild(change(entry));
  });
}

const headed = entries.some((entry) => entry.s);

function lay() {
  watch.disconnect();
  list.replaceChildren();
  for (let start = 0; start < seen.length; start += BATCH) {
    const batch = put(list, "div", "batch");
    batch.dataset.start = start;
    batch.style.minHeight = 34 * Math.min(BATCH, seen.length - start) + "px";
    if (start) watch.observe(batch); else build(batch);
  }
  find("found").textContent = seen.length.toLocaleString("en") + " of " + entries.length.toLocaleString("en");
}

function at(n) {
  build(list.children[Math.floor(n / BATCH)]);
  return find("c" + seen[n].i);
}

addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("#calls details, figure details")) each.open = true;
});

// -- filters and keys

const chosen = (choice) => choice && choice.value ? choice.value.slice(1) : null;
const text = (part) => typeof part === "object" ? Object.values(part).map(text).join(" ") : String(part).toLowerCase();

function filter() {
  const sought = field.sought.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (sought.length && !words) words = entries.map((entry) => text(entry));
  const action = chosen(field.action), kind = chosen(field.kind), account = chosen(field.account);
  const held = field.blocked && field.blocked.checked;
  seen = entries.filter((entry, n) =>
    (action === null || entry.a === action) && (kind === null || entry.k === kind)
    && (account === null || (entry.s || "") === account) && (!held || entry.b)
    && sought.every((word) => words[n].includes(word)));
  lay();
}

function clear() {
  form.reset();
  filter();
}

function step(by) {
  if (!seen.length) return;
  const open = document.activeElement.closest("details.change");
  const now = open ? seen.findIndex((entry) => "c" + entry.i === open.id) : -1;
  const next = now < 0 ? (by > 0 ? 0 : seen.length - 1) : Math.min(seen.length - 1, Math.max(0, now + by));
  const summary = at(next).firstElementChild;
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "nearest" });
}

function follow() {
  const id = location.hash.slice(1);
  if (!/^c\d+$/.test(id)) return;
  const number = Number(id.slice(1));
  if (!seen.some((entry) => entry.i === number)) clear();
  const n = seen.findIndex((entry) => entry.i === number);
  if (n < 0) return;
  const made = at(n);
  made.open = true;
  made.scrollIntoView();
  made.firstElementChild.focus({ preventScroll: true });
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input[type=search], select, textarea");
  if (event.key === "Escape") { clear(); document.activeElement.blur(); }
  else if (typing && event.key === "Enter") { event.preventDefault(); step(1); }
  else if (typing) return;
  else if (event.key === "/") { event.preventDefault(); field.sought.focus(); field.sought.select(); }
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  document.addEventListener("keydown", press);
  find("open").textContent = opened ? "close all" : "open all";
  find("open").addEventListener("click", () => {
    opened = !opened;
    find("open").textContent = opened ? "close all" : "open all";
    lay();
  });
  addEventListener("beforeprint", () => {
    if (seen.length > 2000) return;
    for (const batch of list.children) build(batch);
    const known = new Map(entries.map((entry) => ["c" + entry.i, entry]));
    for (const made of list.querySelectorAll("details.change")) {
      fill(made, known.get(made.id));
      made.open = true;
    }
  });
  addEventListener("hashchange", follow);
  filter();
  follow();
}
"""
