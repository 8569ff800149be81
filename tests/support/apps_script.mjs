// Runs functions of an Apps Script in Node.js. It reads {code, calls, properties, sheets} as JSON and prints the properties
// and the sheets afterwards, or the message of an error. It stands in for Google's services in memory, but for the network:
// UrlFetchApp sends each request with curl, because it waits for the response as Google's does.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const { code, calls, properties, sheets } = JSON.parse(readFileSync(0, "utf8"), (name, value) =>
  typeof value === "string" && value.startsWith("date:") ? new Date(value.slice(5)) : value);
const menu = [];

const UrlFetchApp = {
  fetch(url, { method = "get", headers = {}, contentType, payload, muteHttpExceptions }) {
    if (!muteHttpExceptions) throw new Error("the stand-in knows muteHttpExceptions only");
    const lines = { ...headers, ...(payload ? { "Content-Type": contentType } : {}) };
    const options = Object.entries(lines).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    if (payload) options.push("--data-binary", "@-");
    const text = execFileSync("curl", ["-sS", "-X", method.toUpperCase(), ...options, url], { input: payload ?? "" });
    return { getContentText: () => text.toString("utf8") };
  },
};

class Sheet {
  constructor(rows) { this.rows = rows; }
  getLastRow() { return this.rows.length; }
  appendRow(row) { this.rows.push(row); }
  clearContents() { this.rows.length = 0; }
  getDataRange() { return { getValues: () => this.rows.map((row) => [...row]) }; }
  getRange(row, column) {
    return {
      setValue: (value) => { this.rows[row - 1][column - 1] = value; },
      setValues: (values) => values.forEach((cells, place) => { this.rows[row - 1 + place] = [...cells]; }),
    };
  }
}
const spreadsheet = {
  getSheetByName: (name) => (sheets[name] ? new Sheet(sheets[name]) : null),
  insertSheet: (name) => new Sheet((sheets[name] = [])),
};
const menuBuilder = { addItem: (label, called) => { menu.push(called); return menuBuilder; }, addToUi() {} };
const services = {
  UrlFetchApp,
  PropertiesService: {
    getScriptProperties: () => ({
      getProperty: (name) => properties[name] ?? null,
      setProperty: (name, value) => { properties[name] = value; },
    }),
  },
  SpreadsheetApp: {
    getActiveSpreadsheet: () => spreadsheet,
    getUi: () => ({ createMenu: () => menuBuilder }),
  },
  Session: { getScriptTimeZone: () => "Asia/Kolkata" },
  Utilities: {
    formatDate: (date, timeZone) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(date),
  },
  Date,
};
const context = vm.createContext(services);
vm.runInContext(code, context);
let error = null;
try {
  for (const call of calls) vm.runInContext(`${call}()`, context);
} catch (failure) {
  error = failure.message;
}
console.log(JSON.stringify({ properties, sheets, menu, error }));
