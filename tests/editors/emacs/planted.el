;;; planted.el --- Which program is found  -*- lexical-binding: t; -*-

(require 'tightlip)
(setenv "VIRTUAL_ENV" (drive-given 'venv))
(let ((planted (expand-file-name "bin" (drive-given 'venv))))
  (let ((exec-path (append (list planted ".venv/bin" nil) exec-path)))
    (drive-saw 'command (vconcat (tightlip--command))))
  (let ((exec-path (list planted ".venv/bin" nil)))
    (drive-saw 'alone (tightlip--command))))
