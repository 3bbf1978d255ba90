/** Internal command: shows a place in a file; (URI as a string, line, column), counted from 0. */
export const OPEN = "tightlip.openPlace";
/** The tree of findings. */
export const VIEW = "tightlip.findings";
/** The report's kind of panel. */
export const PANEL = "tightlip.report";
