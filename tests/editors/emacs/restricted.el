;;; restricted.el --- A file that may not leave  -*- lexical-binding: t; -*-

(drive-start)
(drive-saw 'before (drive-count 1))
(kill-new "untouched")
(drive-saw 'refused (condition-case problem (progn (drive-run "tightlip.copyRedacted" #'tightlip-copy) "not refused")
                      (error (error-message-string problem))))
(drive-saw 'killed (current-kill 0))
(drive-saw 'lighter (if (fboundp 'tightlip--lighter) (tightlip--lighter) ""))
(goto-char (point-min))
(drive-saw 'actions (drive-actions))
