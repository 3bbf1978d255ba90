"use strict";
// VS Code writes its log files by a native module that is not compiled here. This takes its place, so that there are logs to look at.
const fs = require("node:fs");
const path = require("node:path");

class Logger {
  constructor(_kind, _name, file) {
    this.file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }

  write(message) {
    fs.appendFileSync(this.file, message.endsWith("\n") ? message : `${message}\n`);
  }

  getLevel() {
    return 0;
  }
}

for (const level of ["trace", "debug", "info", "warn", "error", "critical"]) Logger.prototype[level] = Logger.prototype.write;
for (const nothing of ["setLevel", "flush", "drop", "setPattern", "clearFormatters"]) Logger.prototype[nothing] = () => undefined;

exports.version = 1;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.shutdown = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger("", name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger("", name, file);
