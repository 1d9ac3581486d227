"use strict";

const OPTIONS = { actions: false, renderer: "svg", config: {
  background: "transparent", view: { stroke: null },
  font: "system-ui, sans-serif",
  axis: { gridColor: "#eee8dc", labelColor: "#5d626b", titleColor: "#5d626b",
    titleFontWeight: "normal", domainColor: "#b9b1a1", tickColor: "#b9b1a1" } } };
const FEW = 40;
const byId = (id) => document.getElementById(id);
const percent = (share) => (share === null ? ""
  : share < 0.005 ? "< 1 %" : `${Math.round(100 * share)} %`);

/** Draw the charts that can be seen and are not drawn yet: width needs a visible place. */
async function draw() {
  for (const script of document.querySelectorAll("script[data-chart]")) {
    const place = byId(script.dataset.chart);
    if (place.offsetParent !== null && !place.dataset.drawn) {
      place.dataset.drawn = "now";
      await vegaEmbed(place, JSON.parse(script.textContent), OPTIONS);
      place.dataset.drawn = "yes";
    }
  }
}

/** Show the figures of one problem, and say where it has none. */
function show(problem) {
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === problem));
  }
  for (const each of document.querySelectorAll("[data-problem]")) {
    each.hidden = each.dataset.problem !== problem;
  }
  for (const nothing of document.querySelectorAll(".nothing")) {
    nothing.hidden = nothing.parentElement.querySelector("figure:not([hidden])") !== null;
  }
  return draw();
}

/** Return the rows that were packed into the page, each an object. */
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(byId(id).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const [columns, rows] = JSON.parse(await new Response(stream).text());
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

function cell(row, label, text, className) {
  const td = row.insertCell();
  td.dataset.label = label;
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function risk(row, label, share, high) {
  const td = cell(row, label, percent(share), share >= high ? "risk high" : "risk");
  const bar = document.createElement("i");
  bar.style.width = `${Math.round(100 * (share ?? 0))}%`;
  td.append(bar);
}

function happened(flight) {
  if (flight.outcome !== "arrived") return [flight.outcome ?? "", flight.outcome ?? ""];
  const when = flight.delay > 0 ? `${flight.delay} min late` : `${-flight.delay} min early`;
  return [flight.delay === 0 ? "on time" : when, flight.is_late ? "late" : ""];
}

function fill(flights) {
  const body = byId("rows");
  body.replaceChildren();
  for (const flight of flights) {
    const row = body.insertRow();
    cell(row, "Departs", `${flight.departs} ${flight.origin}`);
    cell(row, "Flight", flight.flight);
    cell(row, "To", flight.destination);
    risk(row, "Late", flight.late, 0.5);
    cell(row, "Delay to expect", flight.minutes === null ? ""
      : `${flight.minutes} min (${flight.minutes_low} to ${flight.minutes_high})`);
    risk(row, "Cancelled", flight.cancelled, 0.1);
    cell(row, "", flight.why ?? "", "why");
    cell(row, "Happened", ...happened(flight));
  }
}

/** The board: flights of a day and an airport, and their outlook by hour. */
async function board() {
  const [flights, hours] = await Promise.all(
    [unpacked("flights-data"), unpacked("outlook-data")]);
  const days = [...new Set(flights.map((flight) => flight.day))].sort();
  const day = byId("day");
  [day.min, day.max, day.value] = [days[0] ?? "", days.at(-1) ?? "", days.at(-1) ?? ""];
  for (const origin of [...new Set(flights.map((flight) => flight.origin))].sort()) {
    byId("origin").add(new Option(origin, origin));
  }
  byId("origin").add(new Option("all airports", "all"));
  const chart = JSON.parse(byId("outlook-chart").textContent);
  let all = false;

  async function update() {
    const origin = byId("origin").value;
    const sought = byId("flight").value.replace(/\s/g, "").toLowerCase();
    const order = byId("order").value;
    const isOurs = (row) => row.day === day.value && (origin === "all" || row.origin === origin);
    const found = flights.filter((flight) => isOurs(flight)
      && flight.flight.replace(" ", "").toLowerCase().includes(sought));
    found.sort((a, b) => (order === "departs"
      ? a.departs.localeCompare(b.departs) : (b[order] ?? -1) - (a[order] ?? -1)));
    fill(all ? found : found.slice(0, FEW));
    byId("more").hidden = all || found.length <= FEW;
    byId("shown").textContent = `${found.length} flights, `
      + `${found.reduce((sum, flight) => sum + (flight.late ?? 0), 0).toFixed(0)} of them `
      + "expected to be late if they arrive.";
    const shown = hours.filter(isOurs);
    byId("outlook-figure").hidden = origin === "all" || shown.length === 0;
    byId("outlook-title").textContent = `Late flights by hour, ${origin}, ${day.value}`;
    if (!byId("outlook-figure").hidden) {
      await vegaEmbed("#outlook", { ...chart, datasets: { outlook: shown } }, OPTIONS);
    }
  }

  for (const id of ["day", "origin", "flight", "order"]) {
    byId(id).addEventListener("input", update);
  }
  byId("more").addEventListener("click", () => { all = true; return update(); });
  document.querySelector("form.filters").addEventListener("submit", (e) => e.preventDefault());
  await update();
}

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}
const first = document.querySelector("[data-show]");
Promise.resolve(byId("board") ? board() : null)
  .then(() => (first ? show(first.dataset.show) : draw()))
  .then(() => { document.documentElement.dataset.ready = "yes"; });
