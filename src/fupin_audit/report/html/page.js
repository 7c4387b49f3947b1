(function () {
"use strict";
// Data only ever becomes text: textContent, option labels, canvas. No markup is made from it.
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const read = (id) => JSON.parse(byId(id).textContent);
const about = read("figures");
const PAGE = 100;
const SEVERITY = ["error", "warning", "info"];
const COLOUR = ["", "green", "yellow", "red"];
const INK = "#1f2933", SOFT = "#55626f", GRID = "#e4e8ec";
const SHADE = ["#a8201a", "#e0a33a", "#9fb0bf"];
const CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩";
const WORDS = {
  zh: {
    severity: ["错误", "警告", "提示"], settle: ["查台账资料", "打电话", "要入户"],
    state: ["", "待核实", "重现", "无法核实", "情况属实"], colour: ["", "绿", "黄", "红"],
    fresh: ["", "本次新增", "本次重现"], all: "全部", nowhere: "（未填）", sheets: "工作表本身",
    urgent: "先查：结论存疑", more: "详情", less: "收起", blank: "（空白）", row: (n) => "第 " + n + " 行",
    days: (n) => n + " 天", count: (n, all) => n === all ? "共 " + n + " 条" : "筛出 " + n + " 条，共 " + all + " 条",
    page: (at, of) => at + " / " + of + " 页", empty: "没有符合条件的疑点。", advice: "办法", where: "原表位置",
    number: "疑点编号", person: "人口编号", item: "十查", by: "怎样核实", fields: "现填值", other: "English",
    sorts: ["清单顺序", "级别", "地点", "户、人", "规则", "时间最长"], join: "；",
    moved: ["新增", "重现", "销号"], file: "疑点", comma: "、",
    head: ["疑点编号", "级别", "县", "乡镇", "行政村", "户编号", "户主", "姓名", "人口编号", "规则编号", "疑点", "说明", "字段", "现填值", "办法", "文件", "工作表", "行", "单元格"],
    label: ["级别", "地点", "户", "疑点", "位置", "状态"]
  },
  en: {
    severity: ["error", "warning", "info"], settle: ["papers", "a call", "a visit"],
    state: ["", "open", "reopened", "unresolved", "confirmed"], colour: ["", "green", "yellow", "red"],
    fresh: ["", "new", "back again"], all: "All", nowhere: "(not given)", sheets: "the sheets themselves",
    urgent: "First: a judgement hangs on it", more: "More", less: "Less", blank: "(blank)", row: (n) => "row " + n,
    days: (n) => n + " d", count: (n, all) => n === all ? n + " findings" : n + " of " + all + " findings",
    page: (at, of) => "page " + at + " / " + of, empty: "Nothing matches.", advice: "What to do", where: "Cells",
    number: "Finding", person: "Person", item: "Audit item", by: "Settled by", fields: "As filled in", other: "中文",
    sorts: ["as listed", "level", "place", "household", "rule", "longest known"], join: "; ",
    moved: ["new", "reopened", "closed"], file: "findings", comma: ", ",
    head: ["finding", "severity", "county", "township", "village", "household", "head", "name", "person", "rule", "title", "message", "fields", "values", "advice", "file", "sheet", "row", "cells"],
    label: ["Level", "Place", "Household", "Finding", "Cell", "State"]
  }
};
const lang = () => root.lang === "en" ? "en" : "zh";
const w = () => WORDS[lang()];
function make(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== "") made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
const placeName = (i) => about.places[i].name || w().nowhere;
const ruleTitle = (rule) => lang() === "en" ? rule.en : rule.zh;
const itemTitle = (i) => CIRCLED[i] + " " + about.items[i][lang()];

/* ---- the list ---- */
const data = byId("rows") ? read("data") : null;
const FIGURE = "\ue000", PART = "\u001f";
const some = { text: "", place: "", item: "", severity: "", mark: "", rule: "" };
const order = { by: "", down: false };
let found = [], page = 0, haystack = null;
const open = new Set();

function told(i, tongue) {
  const english = tongue === "en";
  const wording = data.told[(english ? data.en : data.zh)[i]];
  const own = english && data.enFigures[i] !== "" ? data.enFigures[i] : data.figures[i];
  const figures = own.split(PART);
  let at = 0;
  return wording.split(FIGURE).reduce((all, part) => all + figures[at++] + part);
}
function where(i) {
  const p = data.places[data.place[i]];
  return about.townships ? [p[1], p[2]] : [p[2] || p[1]];
}
function hay(i) {
  const rule = about.rules[data.rule[i]];
  return [data.houses[data.house[i]], data.names[data.head[i]], data.names[data.name[i]], data.person[i],
    data.places[data.place[i]].join(" "), rule.id, rule.zh, rule.en, told(i, "zh"), told(i, "en"),
    data.valueSets[data.values[i]].join(" "), data.fieldSets[data.fields[i]].join(" "),
    data.sheets[data.sheet[i]].join(" "), data.cells[i]].join("\n").toLowerCase();
}
// Three digits per finding: state, colour, new or reopened.
const marks = (i) => data.mark.substr(3 * i, 3);
function marked(i) {
  const mark = marks(i);
  switch (some.mark) {
    case "": return true;
    case "urgent": return data.urgent[i] === "1";
    case "new": return mark[2] === "1";
    case "reopened": return mark[2] === "2" || mark[0] === "2";
    case "red": case "yellow": case "green": return COLOUR[+mark[1]] === some.mark;
    default: return data.settle[i] === some.mark;
  }
}
function choose() {
  const words = some.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length && !haystack) haystack = data.rule.map((_, i) => hay(i));
  found = [];
  for (let i = 0; i < data.n; i++) {
    if (some.severity !== "" && data.severity[i] !== some.severity) continue;
    if (some.place !== "" && String(data.group[i]) !== some.place) continue;
    const rule = about.rules[data.rule[i]];
    if (some.item !== "" && String(rule.item) !== some.item) continue;
    if (some.rule !== "" && rule.id !== some.rule) continue;
    if (!marked(i)) continue;
    if (words.length && !words.every((word) => haystack[i].includes(word))) continue;
    found.push(i);
  }
  sort();
  page = 0;
  open.clear();
  show();
}
function sort() {
  if (!order.by) return;
  const compare = new Intl.Collator("zh-CN", { numeric: true }).compare;
  const keys = {
    level: (i) => +data.severity[i], rule: (i) => about.rules[data.rule[i]].id, days: (i) => data.days[i],
    place: (i) => data.places[data.place[i]].join("\t"), house: (i) => data.houses[data.house[i]]
  };
  const key = keys[order.by], known = new Map();
  found.forEach((i) => known.set(i, key(i)));
  const sign = order.down ? -1 : 1;
  found.sort((a, b) => {
    const x = known.get(a), y = known.get(b);
    return sign * (typeof x === "number" ? x - y : compare(x, y)) || a - b;
  });
}
function cell(row, at, kind) {
  const made = make("td", "", kind);
  if (at !== null) made.setAttribute("data-label", w().label[at]);
  row.append(made);
  return made;
}
const blank = (text) => text === WORDS.zh.blank ? w().blank : text;
function line(i) {
  const row = make("tr"), severity = +data.severity[i], rule = about.rules[data.rule[i]];
  cell(row, 0).append(make("span", w().severity[severity], "tag " + SEVERITY[severity]));
  const place = cell(row, 1), named = where(i).filter(Boolean);
  (named.length ? named : [data.group[i] < 0 ? w().sheets : w().nowhere]).forEach((text) => place.append(make("p", text)));
  const who = cell(row, 2), head = data.names[data.head[i]], name = data.names[data.name[i]];
  if (data.houses[data.house[i]]) who.append(make("p", data.houses[data.house[i]]));
  const people = [head, name !== head ? name : ""].filter(Boolean).join(" / ");
  if (people) who.append(make("p", people, "small"));
  const what = cell(row, 3, "what"), title = make("p", ruleTitle(rule), "title");
  title.append(make("span", rule.id, "id"));
  what.append(title);
  what.append(make("p", told(i, lang()), data.urgent[i] === "1" ? "urgent" : ""));
  const more = make("button", open.has(i) ? w().less : w().more, "more");
  more.type = "button";
  more.setAttribute("aria-expanded", String(open.has(i)));
  more.dataset.open = String(i);
  what.append(more);
  const value = cell(row, 4), fields = data.fieldSets[data.fields[i]], values = data.valueSets[data.values[i]];
  fields.slice(0, 3).forEach((field, at) => {
    if (field) value.append(make("p", field + (values[at] ? "：" + blank(values[at]) : "")));
  });
  const place2 = [data.sheets[data.sheet[i]][1], data.row[i] ? w().row(data.row[i]) : ""].filter(Boolean).join(" ");
  if (place2) value.append(make("p", place2, "small"));
  if (about.ledger) {
    const state = cell(row, 5), mark = marks(i);
    if (data.days[i] >= 0) {
      state.append(make("span", w().days(data.days[i]), "lamp " + (COLOUR[+mark[1]] || "none")));
    }
    const fresh = w().fresh[+mark[2]] || w().state[+mark[0]];
    if (fresh) state.append(make("p", fresh, "small"));
  }
  return row;
}
function detail(i) {
  const row = make("tr", "", "detail"), box = make("td"), list = make("dl");
  const rule = about.rules[data.rule[i]], sheet = data.sheets[data.sheet[i]];
  box.colSpan = about.ledger ? 6 : 5;
  const values = data.valueSets[data.values[i]];
  const pairs = [
    [w().advice, lang() === "en" ? rule.adviceEn : rule.adviceZh],
    [w().fields, data.fieldSets[data.fields[i]].map((field, at) => field + (values[at] ? "：" + blank(values[at]) : "")).join(w().join)],
    [w().where, [sheet[0], sheet[1], data.row[i] ? w().row(data.row[i]) : "", data.cells[i]].filter(Boolean).join("　")],
    [w().number, data.id.substr(12 * i, 12)], [w().person, data.person[i]], [w().by, w().settle[+data.settle[i]]], [w().item, itemTitle(rule.item)]
  ];
  pairs.forEach((pair) => {
    if (pair[1]) list.append(make("dt", pair[0]), make("dd", pair[1]));
  });
  box.append(list);
  row.append(box);
  return row;
}
function show() {
  const rows = [];
  found.slice(page * PAGE, (page + 1) * PAGE).forEach((i) => {
    rows.push(line(i));
    if (open.has(i)) rows.push(detail(i));
  });
  if (!rows.length) {
    const row = make("tr"), box = make("td", w().empty, "empty");
    box.colSpan = about.ledger ? 6 : 5;
    row.append(box);
    rows.push(row);
  }
  byId("rows").replaceChildren(...rows);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  byId("count").textContent = w().count(found.length, data.n);
  document.querySelectorAll("[data-page]").forEach((one) => { one.textContent = w().page(page + 1, pages); });
  document.querySelectorAll("[data-turn]").forEach((one) => {
    one.disabled = page + +one.dataset.turn < 0 || page + +one.dataset.turn >= pages;
  });
  document.querySelectorAll("#list [aria-sort]").forEach((one) => {
    const mine = one.querySelector("button").dataset.sort === order.by;
    one.setAttribute("aria-sort", !mine ? "none" : order.down ? "descending" : "ascending");
  });
}
function fill(select, options, value) {
  select.replaceChildren(...options.map((one) => new Option(one[1], one[0], false, one[0] === value)));
}
function offer() {
  const all = [["", w().all]];
  const sheets = about.rest ? [["-1", w().sheets]] : [];
  fill(byId("f-place"), all.concat(about.places.map((one, i) => [String(i), placeName(i)]), sheets), some.place);
  fill(byId("f-item"), all.concat(about.items.map((one, i) => [String(i), itemTitle(i)])), some.item);
  fill(byId("f-severity"), all.concat(w().severity.map((text, i) => [String(i), text])), some.severity);
  fill(byId("f-rule"), all.concat(about.rules.map((one) => [one.id, one.id + " " + ruleTitle(one) + " (" + one.count + ")"])), some.rule);
  const marks = all.concat([["urgent", w().urgent]], w().settle.map((text, i) => [String(i), text]));
  const ledger = !about.ledger ? [] : [["new", w().fresh[1]], ["reopened", w().state[2]], ["red", w().colour[3]], ["yellow", w().colour[2]], ["green", w().colour[1]]];
  fill(byId("f-mark"), marks.concat(ledger), some.mark);
  const sorts = ["", "level", "place", "house", "rule"].concat(about.ledger ? ["days"] : []);
  fill(byId("f-sort"), sorts.map((key, i) => [key, w().sorts[i]]), order.by);
}
function only(wanted) {
  Object.assign(some, { text: "", place: "", item: "", severity: "", mark: "", rule: "" }, wanted);
  byId("f-text").value = some.text;
  offer();
  choose();
  byId("findings").scrollIntoView();
}
function orderBy(key, down) {
  order.by = key;
  order.down = down;
  byId("f-sort").value = key;
  choose();
}

/* ---- what leaves the page: text that no spreadsheet runs as a formula ---- */
function csvCell(text) {
  text = String(text);
  if (/^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)) text = "'" + text;
  if (/^(0\d+|\d{12,}|\d+[eE]\d+)$/.test(text)) text += "\t";
  return /[",\n\r]/.test(text) ? "\"" + text.replace(/"/g, "\"\"") + "\"" : text;
}
function csv() {
  const lines = [w().head].concat(found.map((i) => {
    const rule = about.rules[data.rule[i]], sheet = data.sheets[data.sheet[i]];
    return [data.id.substr(12 * i, 12), w().severity[+data.severity[i]], ...data.places[data.place[i]], data.houses[data.house[i]],
      data.names[data.head[i]], data.names[data.name[i]], data.person[i], rule.id, ruleTitle(rule), told(i, lang()),
      data.fieldSets[data.fields[i]].join(w().comma), data.valueSets[data.values[i]].map(blank).join(w().comma),
      lang() === "en" ? rule.adviceEn : rule.adviceZh, sheet[0], sheet[1], data.row[i] || "", data.cells[i]];
  }));
  const text = "\ufeff" + lines.map((line) => line.map(csvCell).join(",")).join("\n") + "\n";
  const link = make("a"), url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.href = url;
  link.download = w().file + ".csv";
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/* ---- the charts ---- */
const charts = [];
function stacked(horizontal) {
  const one = { stacked: true, ticks: { color: INK, autoSkip: false }, grid: { display: false }, border: { color: GRID } };
  const two = { stacked: true, beginAtZero: true, ticks: { color: SOFT, precision: 0 }, grid: { color: GRID }, border: { display: false } };
  return horizontal ? { y: one, x: two } : { x: Object.assign({}, one, { ticks: { color: SOFT, maxRotation: 0, autoSkipPadding: 12 } }), y: two };
}
function draw(id, config) {
  const canvas = byId(id);
  if (!canvas || !window.Chart) return;
  config.options = Object.assign({
    animation: false, responsive: true, maintainAspectRatio: false, locale: "zh-CN",
    devicePixelRatio: Math.max(2, window.devicePixelRatio || 1), interaction: { mode: "index", intersect: false },
    plugins: { legend: { position: "bottom", labels: { boxWidth: 12, boxHeight: 12, color: INK } } }
  }, config.options);
  charts.push(new window.Chart(canvas, config));
}
const short = (text) => text.length > 9 ? text.slice(0, 8) + "…" : text;
const layers = (list) => [0, 1, 2].map((at) => ({
  label: w().severity[at], data: list.map((one) => one.counts[at]), backgroundColor: SHADE[at], borderRadius: 1, maxBarThickness: 22
}));
function drawAll() {
  charts.splice(0).forEach((one) => one.destroy());
  if (!window.Chart) return;
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const nights = about.nights, days = nights.map((one) => one[1].slice(5, 10));
  draw("chart-left", { type: "line", data: { labels: days, datasets: [0, 1, 2].map((at) => ({
    label: w().severity[at], data: nights.map((one) => one[2][at]), borderColor: SHADE[at], backgroundColor: SHADE[at] + "55",
    fill: at ? "-1" : "origin", pointRadius: nights.length > 20 ? 0 : 2.5, borderWidth: 1.5, tension: 0 })) },
    options: { scales: stacked(false) } });
  draw("chart-moved", { type: "bar", data: { labels: days, datasets: [3, 4, 5].map((at, i) => ({
    label: w().moved[i], data: nights.map((one) => i === 2 ? -one[at] : one[at]),
    backgroundColor: ["#2f6f9f", "#a8201a", "#5d9a75"][i], maxBarThickness: 22 })) },
    options: { scales: Object.assign(stacked(false), { y: Object.assign(stacked(false).y, { ticks: { color: SOFT, precision: 0, callback: (n) => Math.abs(n) } }) }),
      plugins: { legend: { position: "bottom", labels: { boxWidth: 12, boxHeight: 12, color: INK } },
        tooltip: { callbacks: { label: (at) => at.dataset.label + " " + Math.abs(at.parsed.y) } } } } });
  const most = about.places.slice(0, 15);
  draw("chart-places", { type: "bar", data: { labels: most.map((one, i) => short(placeName(i))), datasets: layers(most) },
    options: { indexAxis: "y", scales: stacked(true), onClick: (event, at) => { if (at.length && data) only({ place: String(at[0].index) }); } } });
  draw("chart-items", { type: "bar", data: { labels: about.items.map((one, i) => CIRCLED[i] + " " + short(one[lang()])), datasets: layers(about.items) },
    options: { indexAxis: "y", scales: stacked(true), onClick: (event, at) => { if (at.length && data) only({ item: String(at[0].index) }); } } });
}
// On paper a chart is as wide as its column there, which the screen does not know.
window.addEventListener("beforeprint", () => charts.forEach((one) => one.resize(330, 220)));
window.addEventListener("afterprint", () => charts.forEach((one) => one.resize()));

/* ---- what can be pressed ---- */
function speak(tongue) {
  root.lang = tongue === "en" ? "en" : "zh-CN";
  byId("lang").textContent = w().other;
  if (data) {
    offer();
    show();
  }
  drawAll();
}
byId("lang").addEventListener("click", () => speak(lang() === "en" ? "zh" : "en"));
byId("print").addEventListener("click", () => window.print());
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const its = button.dataset;
  if (its.more) byId(its.more).hidden = !byId(its.more).hidden;
  if (!data) return;
  if (its.place !== undefined || its.item !== undefined) only({ place: its.place || "", item: its.item || "" });
  else if (its.rule) only({ rule: its.rule });
  else if (its.sort) orderBy(its.sort, order.by === its.sort ? !order.down : its.sort === "days");
  else if (its.turn) {
    page += +its.turn;
    show();
    byId("filters").scrollIntoView();
  } else if (its.open) {
    const i = +its.open;
    if (!open.delete(i)) open.add(i);
    show();
    const again = document.querySelector("[data-open=\"" + i + "\"]");
    if (again) again.focus({ preventScroll: true });
  }
});
if (byId("heat-rest")) byId("heat-rest").hidden = true;
if (data) {
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  ["place", "item", "severity", "mark", "rule"].forEach((name) => {
    byId("f-" + name).addEventListener("change", (event) => {
      some[name] = event.target.value;
      choose();
    });
  });
  let waiting = 0;
  byId("f-text").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      some.text = event.target.value;
      choose();
    }, 150);
  });
  byId("f-sort").addEventListener("change", (event) => orderBy(event.target.value, event.target.value === "days"));
  byId("clear").addEventListener("click", () => {
    order.by = "";
    only({});
  });
  byId("export").addEventListener("click", csv);
  offer();
  choose();
}
drawAll();
})();
