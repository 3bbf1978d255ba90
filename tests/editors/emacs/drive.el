;;; drive.el --- Runs one script of this folder in a real Emacs, batch  -*- lexical-binding: t; -*-

;; emacs -Q --batch -L ... -l drive.el FILE; the script is $DRIVE_SCRIPT, what it is given $DRIVE_GIVEN (JSON), and what it
;; saw is written to $DRIVE_SEEN (JSON).

;;; Code:

(require 'json)
(require 'seq)
(require 'flymake)
(require 'project)

(defvar drive-seen nil "What was seen, newest first.")
(defvar drive-choice nil "Title of the action to choose.")

(defun drive-given (name)
  "Return the value of NAME that the test hands in."
  (alist-get name (let ((json-key-type 'symbol) (json-array-type 'list)) (json-read-from-string (getenv "DRIVE_GIVEN")))))

(defun drive-saw (name value)
  "Remember that NAME was VALUE."
  (push (cons name value) drive-seen))

(defun drive-wait (what done)
  "Wait until DONE returns non-nil and return that; fail with WHAT."
  (let ((end (+ (float-time) 40)) value)
    (while (not (setq value (funcall done)))
      (when (> (float-time) end)
        (error "Waited in vain: %s; findings: %S" what (drive-findings)))
      (accept-process-output nil 0.02))
    value))

(defun drive-findings ()
  "Return the findings of this buffer, as JSON-ready lists, in the order of the text."
  (let ((shown (sort (seq-copy (flymake-diagnostics))
                     (lambda (one other) (< (flymake-diagnostic-beg one) (flymake-diagnostic-beg other))))))
    (vconcat
     (mapcar (lambda (one)
               (let ((beg (flymake-diagnostic-beg one)) (end (flymake-diagnostic-end one)))
                 `((line . ,(1- (line-number-at-pos beg t)))
                   (column . ,(save-excursion (goto-char beg) (- beg (line-beginning-position))))
                   (text . ,(buffer-substring-no-properties beg end))
                   (type . ,(format "%s" (flymake-diagnostic-type one)))
                   (message . ,(flymake-diagnostic-text one)))))
             shown))))

(defun drive-count (count)
  "Check this buffer, wait until it has COUNT findings and return them."
  (drive-changed)
  (flymake-start)
  (drive-wait (format "%d findings" count)
              (lambda ()
                (and (null (seq-difference (flymake-running-backends) (flymake-reporting-backends)))
                     ;; Flymake may still have those of the text before
                     (let ((found (condition-case nil (drive-findings) (args-out-of-range nil))))
                       (and found (= count (length found)) found))))))

(defun drive-changed ()
  "Have Eglot send what was typed: its timer waits for an idle Emacs, which a batch never is."
  (when (and (fboundp 'eglot-managed-p) (eglot-managed-p))
    (eglot--signal-textDocument/didChange)))

(defun drive-text ()
  "Return the text of this buffer."
  (buffer-substring-no-properties (point-min) (point-max)))

(defun drive-undo ()
  "Undo the last command."
  (let ((last-command nil)) (undo)))

(defun drive-eglot ()
  "Connect this buffer by Eglot, as the page of Emacs says."
  (require 'eglot)
  (add-to-list 'eglot-server-programs `(,major-mode . ("tightlip" "server")))
  (apply #'eglot (eglot--guess-contact))
  (drive-wait "eglot" (lambda () (and (eglot-current-server) (eglot-managed-p)))))

(defun drive-start ()
  "Start the client that the test names."
  (pcase (drive-given 'client)
    ("eglot" (drive-eglot))
    ("tightlip" (require 'tightlip) (tightlip-mode))))

(defun drive-actions ()
  "Return the titles that the client offers at point, and run `drive-choice' among them if it is set."
  (let* (titles
         (last-nonmenu-event ?a)
         (completing-read-function
          (lambda (_prompt choices &rest _)
            (setq titles (all-completions "" choices))
            (or drive-choice (signal 'quit nil)))))
    (condition-case nil
        (call-interactively (if (equal (drive-given 'client) "eglot") #'eglot-code-actions #'tightlip-actions))
      (quit nil))
    (undo-boundary)
    (vconcat titles)))

(defun drive-run (command &optional function range)
  "Run the server's COMMAND on this buffer or RANGE of it, by Eglot, or call FUNCTION of tightlip.el."
  (if (equal (drive-given 'client) "tightlip")
      (funcall function)
    (drive-changed)
    (eglot-execute-command (eglot-current-server) (intern command)
                           (vconcat (list (plist-get (eglot--TextDocumentIdentifier) :uri)) (and range (list range))))))

(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      eglot-sync-connect 30
      eglot-confirm-server-initiated-edits nil
      eglot-send-changes-idle-time 0
      tightlip-settings '(:deep :json-false))

(let ((files command-line-args-left)
      (failure nil))
  (setq command-line-args-left nil)
  (dolist (file (reverse files)) (find-file file))
  (condition-case problem
      (load (getenv "DRIVE_SCRIPT") nil t t)
    ((error quit) (setq failure problem)))
  (with-temp-file (getenv "DRIVE_SEEN")
    (let ((coding-system-for-write 'utf-8-unix))
      (insert (json-encode drive-seen))))
  (when failure
    (message "%s failed: %S" (getenv "DRIVE_SCRIPT") failure)
    (kill-emacs 1))
  (kill-emacs 0))
;;; drive.el ends here
