;;; add_on.el --- lsp-mode takes tightlip beside the language's own server  -*- lexical-binding: t; -*-

(require 'lsp-mode)
(load "lsp-mode-autoloads" nil t)
(setq lsp-diagnostics-provider :flymake
      lsp-session-file (expand-file-name "session")
      lsp-auto-guess-root t
      lsp-enable-snippet nil
      lsp-enable-file-watchers nil)
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection (drive-given 'other))
                  :activation-fn (lambda (&rest _) t)
                  :server-id 'other
                  :priority 1))
(load (drive-given 'snippet) nil t t)

(defun texts ()
  "Return what lsp-mode has of this file."
  (mapcar (lambda (one) (gethash "message" one)) (gethash buffer-file-name (lsp-diagnostics t))))

(lsp)
(drive-wait "both servers" (lambda () (= 2 (length (texts)))))
(drive-saw 'before (vconcat (texts)))
(goto-char (point-min))
(forward-char 15)
(drive-saw 'actions (vconcat (mapcar #'lsp:code-action-title (lsp-code-actions-at-point))))
(lsp-execute-code-action (seq-find (lambda (action) (equal "Redact this value" (lsp:code-action-title action)))
                                   (lsp-code-actions-at-point)))
(drive-wait "one finding left" (lambda () (lsp--flush-delayed-changes) (= 1 (length (texts)))))
(save-buffer)
