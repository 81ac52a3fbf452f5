// The workbench's page: requests on the left, two template editors in the middle, the trace on the right.
"use strict";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
const STAGES = ["method_request", "integration_request", "endpoint_response", "integration_response", "method_response", "gateway_response"];
const by = (id) => document.getElementById(id);
const state = { slots: [], requests: [], selected: null, drafts: new Map() };

async function api(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.message || answer.statusText);
  return value;
}

function say(text, kind = "") {
  by("status").textContent = text;
  by("status").className = kind;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

class Pane {
  constructor(root, number) {
    this.root = root;
    this.number = number;
    this.latest = 0;
    root.append(by("pane").content.cloneNode(true));
    this.find = (selector) => root.querySelector(selector);
    this.find(".slot").addEventListener("change", () => this.show());
    this.find(".source").addEventListener("input", () => this.edit());
    this.find(".save").addEventListener("click", () => this.save());
    this.find(".revert").addEventListener("click", () => { state.drafts.delete(this.slot.id); this.show(); });
  }

  get slot() { return state.slots.find((slot) => slot.id === this.find(".slot").value); }
  get source() { return this.find(".source").value; }

  fill() {
    const select = this.find(".slot");
    const kept = select.value;
    select.replaceChildren(...state.slots.map((slot) => element("option", { value: slot.id, textContent: slot.title })));
    const requests = state.slots.filter((slot) => slot.direction === "request");
    const wanted = state.slots.find((slot) => slot.id === kept) || requests[this.number] || state.slots[this.number] || state.slots[0];
    if (wanted) select.value = wanted.id;
    this.show();
  }

  show() {
    const slot = this.slot;
    if (!slot) return;
    const draft = state.drafts.get(slot.id);
    const text = draft === undefined ? slot.source : draft;
    if (this.source !== text) this.find(".source").value = text;
    this.find(".file").textContent = slot.file || `${slot.declaredBy} (not a file of its own)`;
    const mappings = Object.entries(slot.mappings);
    this.find(".mappings").replaceChildren(...(mappings.length ? mappings : [["none", ""]]).flatMap(([target, source]) => [
      element("dt", { textContent: target }), element("dd", { textContent: source })]));
    this.render();
  }

  edit() {
    if (this.source === this.slot.source) state.drafts.delete(this.slot.id);
    else state.drafts.set(this.slot.id, this.source);
    this.render();
  }

  async render() {
    const slot = this.slot;
    const changed = state.drafts.has(slot.id);
    this.find(".save").disabled = !changed || !slot.file;
    this.find(".revert").disabled = !changed;
    if (!state.selected) return this.verdict("Choose a request to render this template with.", "quiet");
    const turn = ++this.latest;
    let result;
    try {
      result = await api("/api/preview", { slot: slot.id, source: this.source, request: state.selected });
    } catch (error) {
      if (turn === this.latest) this.verdict(error.message, "bad");
      return;
    }
    if (turn !== this.latest) return;  // a later key was pressed meanwhile
    this.find(".output").textContent = result.pretty ?? result.output ?? "";
    this.find(".break").textContent = result.break ?? "";
    this.find(".break").hidden = !result.break;
    this.find(".findings").replaceChildren(...(result.findings.length ? result.findings.map((found) => element("li", {
      textContent: `line ${found.line}, ${found.rule}: ${found.message}${found.fix ? `. Fix: ${found.fix}` : ""}`,
      className: found.severity === "error" ? "bad" : "",
    })) : [element("li", { textContent: "none", className: "quiet" })]));
    if (result.error) this.verdict(`line ${result.error.line}, column ${result.error.column}: ${result.error.message}`, "bad");
    else if (result.note) this.verdict(result.note, "quiet");
    else if (result.break) this.verdict(`not JSON: ${result.break.split("\n")[0]}`, "bad");
    else this.verdict("renders", "good");
  }

  verdict(text, kind) {
    this.find(".verdict").textContent = text;
    this.find(".verdict").className = `verdict ${kind}`;
  }

  async save() {
    const slot = this.slot;
    if (!state.drafts.has(slot.id) || !slot.file) return;
    try {
      const { saved } = await api("/api/save", { file: slot.file, source: this.source, version: slot.version });
      state.drafts.delete(slot.id);
      say(`saved ${saved}; the API now answers with it`, "good");
      await refresh();
    } catch (error) {
      say(error.message, "bad");
    }
  }
}

const panes = [...document.querySelectorAll(".pane")].map((root, number) => new Pane(root, number));

function listRequests() {
  by("empty").hidden = state.requests.length > 0;
  by("list").replaceChildren(...state.requests.map((request) => {
    const row = element("li", { id: `request-${request.id}` },
      element("span", { textContent: request.status, className: request.status >= 400 ? "bad" : "good" }),
      element("span", { textContent: `${request.method} ${request.path}` }),
      element("span", { textContent: `${request.milliseconds} ms`, className: "quiet" }));
    if (request.reason) row.append(element("span", { textContent: request.reason, className: "reason" }));
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(request.id === state.selected));
    row.addEventListener("click", () => choose(request.id));
    return row;
  }));
}

async function choose(id) {
  state.selected = id;
  listRequests();
  by(`request-${id}`)?.scrollIntoView({ block: "nearest" });
  panes.forEach((pane) => pane.slot && pane.render());
  try {
    const trace = await api(`/api/requests/${encodeURIComponent(id)}`);
    by("stages").replaceChildren(...STAGES.filter((stage) => trace[stage]).map((stage) => element("details", { open: stage === "gateway_response" },
      element("summary", { textContent: stage.replaceAll("_", " ") }),
      element("pre", { textContent: JSON.stringify(trace[stage], null, 2) }))));
  } catch (error) {
    by("stages").textContent = error.message;
  }
}

async function refresh() {
  const found = await api("/api/state");
  state.slots = found.slots;
  state.requests = found.requests;
  by("program").textContent = `${found.project}, stack ${found.stack}`;
  const base = by("send-base");
  const kept = base.value;
  base.replaceChildren(...found.apis.flatMap((served) => served.urls.map((url) => element("option", { value: url, textContent: `${served.name} ${new URL(url).pathname}` }))));
  if ([...base.options].some((option) => option.value === kept)) base.value = kept;
  listRequests();
  panes.forEach((pane) => pane.fill());
  if (!state.selected && state.requests.length) await choose(state.requests[0].id);
}

by("send-method").replaceChildren(...METHODS.map((name) => element("option", { value: name, textContent: name })));
by("send").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = by("send-body").value;
  try {
    const sent = await api("/api/send", {
      method: by("send-method").value,
      url: by("send-base").value + by("send-path").value,
      headers: body ? { "Content-Type": "application/json" } : {},
      body,
    });
    say(`answered ${sent.status}`, sent.status < 400 ? "good" : "bad");
    await refresh();
    if (sent.id) await choose(sent.id);
  } catch (error) {
    say(error.message, "bad");
  }
});

document.addEventListener("keydown", (event) => {
  const editing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    (panes.find((pane) => pane.root.contains(event.target)) || panes[0]).save();
  } else if (event.key === "Escape") {
    event.target.blur();
  } else if (!editing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const at = state.requests.findIndex((request) => request.id === state.selected);
    const next = state.requests[at + { j: 1, k: -1 }[event.key]];
    if (next) choose(next.id);
    if (event.key === "1" || event.key === "2") { event.preventDefault(); panes[Number(event.key) - 1].find(".source").focus(); }
  }
});

const events = new EventSource("/api/events");
events.addEventListener("message", () => refresh().catch((error) => say(error.message, "bad")));
events.addEventListener("error", () => say("the server does not answer", "bad"));
events.addEventListener("open", () => say(""));
