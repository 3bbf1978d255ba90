;;; tightlip.el --- Keep secrets and personal data from AI assistants  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, convenience

;;; Commentary:

;; Shows what the language server of tightlip finds through Flymake, in every buffer and beside any other server: Eglot has
;; one server per buffer, and that is the language's.  `M-x tightlip-global-mode' turns it on.

;;; Code:

(require 'flymake)
(require 'jsonrpc)
(require 'project)
(require 'seq)
(require 'url-util)

(defgroup tightlip nil
  "Keep secrets, personal data and restricted code from AI assistants."
  :group 'tools)

(defcustom tightlip-program nil
  "The program, or a list of it and its first arguments.
When nil: $TIGHTLIP_PATH, else `tightlip' on variable `exec-path', but never one
of the active virtual environment: what is checked must not choose its checker."
  :type '(choice (const :tag "Look for it" nil) string (repeat string))
  :risky t)

(defcustom tightlip-settings nil
  "How findings are shown, as a property list, for example (:deep :json-false).
What is a finding and what may leave is policy, in tightlip.toml."
  :type 'plist
  :risky t)

(defconst tightlip--largest 5000000
  "Characters of the largest buffer that is checked.
Its whole text goes to the server after a change.")

(defconst tightlip--advice
  "Install it with \"pipx install tightlip\", or set `tightlip-program'; then M-x tightlip-restart")

(defvar tightlip--connection nil "The connection to the server, or nil.")
(defvar tightlip--ready nil "Whether the server has answered `initialize'.")
(defvar tightlip--deaths nil "When the server stopped without being asked to, newest first.")
(defvar tightlip--given-up nil "Why no server is started, or nil.")
(defvar tightlip--folders nil "URIs of the folders the server knows.")
(defvar-local tightlip--open nil "The connection this buffer is open in and the URI it has there, or nil.")
(defvar-local tightlip--tick 0 "`buffer-chars-modified-tick' of the text the server has; also its version.")
(defvar-local tightlip--report nil "Flymake's newest report function for this buffer.")
(defvar-local tightlip--status nil "What `tightlip/status' said last of this buffer.")

;;;; The server

(defun tightlip--command ()
  "Return the command line of the server, or nil where there is none."
  (let* ((venv (getenv "VIRTUAL_ENV"))
         (path (getenv "TIGHTLIP_PATH"))
         (exec-path (seq-filter (lambda (folder)
                                  (and folder (file-name-absolute-p folder)
                                       (not (and venv (file-in-directory-p folder venv)))))
                                exec-path))
         (found (cond ((consp tightlip-program) tightlip-program)
                      (tightlip-program (list tightlip-program))
                      ((and path (not (string-empty-p path))) (list path))
                      (t (let ((program (executable-find "tightlip"))) (and program (list program)))))))
    (and found (executable-find (car found)) (append found '("server")))))

(defun tightlip--server ()
  "Return the connection, or nil; start the server where it does not run."
  (cond (tightlip--given-up nil)
        ((and tightlip--connection (jsonrpc-running-p tightlip--connection)) tightlip--connection)
        (t (let ((default-directory (expand-file-name "~/")))
             (if-let ((command (tightlip--command)))
                 (tightlip--start command)
               (tightlip--give-up (concat "No program \"tightlip\" is found, so nothing is checked.  " tightlip--advice)))))))

(defun tightlip--start (command)
  "Start the server by COMMAND and return the connection, which is not ready yet."
  (setq tightlip--ready nil
        tightlip--folders nil
        tightlip--connection
        (apply #'make-instance 'jsonrpc-process-connection
               :name "tightlip"
               :process (lambda ()
                          (make-process :name "tightlip" :command command :connection-type 'pipe :noquery t
                                        :coding 'utf-8-emacs-unix :stderr (get-buffer-create "*tightlip stderr*")))
               :notification-dispatcher #'tightlip--notified
               :request-dispatcher #'tightlip--requested
               :on-shutdown #'tightlip--stopped
               ;; the log of messages would hold every text
               (if (slot-exists-p 'jsonrpc-connection '-events-buffer-config)
                   '(:events-buffer-config (:size 0 :format short))
                 '(:events-buffer-scrollback-size 0))))
  (let ((connection tightlip--connection))
    (jsonrpc-async-request connection :initialize (tightlip--initialize-params)
                           :timeout 60
                           :success-fn (lambda (_result)
                                         (jsonrpc-notify connection :initialized (make-hash-table))
                                         (setq tightlip--ready t)
                                         (tightlip--check-all))
                           :error-fn #'ignore :timeout-fn #'ignore)
    connection))

(defun tightlip--initialize-params ()
  "Return what the server is told of this client."
  `(:processId ,(emacs-pid) :rootUri nil
    :clientInfo (:name "Emacs" :version ,emacs-version)
    :initializationOptions (:settings ,(or tightlip-settings (make-hash-table))
                             :notifications ["status" "copyText" "openText"])
    :capabilities (:general (:positionEncodings ["utf-32" "utf-16"])
                   :textDocument (:diagnostic (:dynamicRegistration :json-false)
                                  :codeAction (:codeActionLiteralSupport (:codeActionKind (:valueSet ["quickfix"]))
                                               :isPreferredSupport t))
                   :workspace (:applyEdit t :workspaceFolders t
                               :workspaceEdit (:documentChanges t)
                               :diagnostics (:refreshSupport t)))))

(defun tightlip--stopped (connection)
  "Start the server again when CONNECTION ended by itself.
Not when it does so time and again."
  (when (eq connection tightlip--connection)
    (setq tightlip--connection nil
          tightlip--ready nil
          tightlip--deaths (cons (float-time) (seq-filter (lambda (when) (< (- (float-time) when) 180)) tightlip--deaths)))
    (if (> (length tightlip--deaths) 3)
        (tightlip--give-up "The server stopped again and again, so nothing is checked.  M-x tightlip-restart")
      (run-with-timer (* 0.5 (length tightlip--deaths)) nil #'tightlip--check-all))))

(defun tightlip--give-up (why)
  "Start no server until `tightlip-restart', and say WHY."
  (setq tightlip--given-up why)
  (message "tightlip: %s" why)
  (tightlip--check-all)
  nil)

(defun tightlip-restart ()
  "Look for the program again and start the server anew."
  (interactive)
  (let ((running tightlip--connection))
    (setq tightlip--connection nil tightlip--given-up nil tightlip--deaths nil)
    (when (and running (jsonrpc-running-p running))
      (delete-process (jsonrpc--process running))))
  (dolist (buffer (tightlip--buffers))
    (with-current-buffer buffer (flymake-start nil t))))

(defun tightlip--notified (_connection method params)
  "Act on the server's notification METHOD with PARAMS."
  (pcase method
    ('tightlip/status
     (when-let ((buffer (tightlip--buffer (plist-get params :uri))))
       (with-current-buffer buffer
         (setq tightlip--status params)
         (force-mode-line-update))))
    ('tightlip/copyText
     (kill-new (plist-get params :text))
     (message "Copied, redacted"))
    ('tightlip/openText (tightlip--show params))
    ('window/showMessage (message "tightlip: %s" (plist-get params :message)))))

(defun tightlip--requested (_connection method params)
  "Answer the server's request METHOD with PARAMS."
  (pcase method
    ('workspace/applyEdit
     (condition-case problem
         (progn (tightlip--apply (plist-get params :edit)) '(:applied t))
       (error (list :applied :json-false :failureReason (error-message-string problem)))))
    ('workspace/diagnostic/refresh (tightlip--check-all) nil)
    (_ (jsonrpc-error :code -32601 :message "Not known here"))))

;;;; Texts

(defun tightlip--buffers ()
  "Return the buffers that are checked."
  (seq-filter (lambda (buffer) (buffer-local-value 'tightlip-mode buffer)) (buffer-list)))

(defun tightlip--buffer (uri)
  "Return the checked buffer that is open as URI, or nil."
  (seq-find (lambda (buffer) (equal uri (cdr (buffer-local-value 'tightlip--open buffer)))) (tightlip--buffers)))

(defun tightlip--file-uri (path)
  "Return the URI of the local file PATH."
  (concat "file://" (and (string-match-p "\\`[A-Za-z]:" path) "/") (url-hexify-string path url-path-allowed-chars)))

(defun tightlip--file (uri)
  "Return the path of the file URI."
  (let ((path (decode-coding-string (url-unhex-string (string-remove-prefix "file://" uri)) 'utf-8)))
    (if (string-match-p "\\`/[A-Za-z]:" path) (substring path 1) path)))

(defun tightlip--uri ()
  "Return the URI of this buffer; only a local file has a path."
  (if (and buffer-file-name (not (file-remote-p buffer-file-name)))
      (tightlip--file-uri (expand-file-name buffer-file-name))
    (concat "untitled:" (url-hexify-string (buffer-name)))))

(defun tightlip--text ()
  "Return the text of this buffer; what JSON cannot carry is one other character."
  (save-restriction
    (widen)
    (replace-regexp-in-string "[\ud800-\udfff\x3fff80-\x3fffff]" "\ufffd"
                              (buffer-substring-no-properties (point-min) (point-max)) t t)))

(defun tightlip--sync (connection)
  "Bring the text CONNECTION has of this buffer up to date; return its URI."
  (let ((uri (tightlip--uri))
        (tick (buffer-chars-modified-tick)))
    (cond ((not (equal tightlip--open (cons connection uri)))
           (tightlip--close)
           (tightlip--add-folder connection)
           (jsonrpc-notify connection :textDocument/didOpen
                           `(:textDocument (:uri ,uri :version ,tick :text ,(tightlip--text)
                                            :languageId ,(replace-regexp-in-string "\\(-ts\\)?-mode\\'" ""
                                                                                   (symbol-name major-mode)))))
           (setq tightlip--open (cons connection uri)))
          ((/= tick tightlip--tick)
           (jsonrpc-notify connection :textDocument/didChange
                           `(:textDocument (:uri ,uri :version ,tick)
                             :contentChanges [(:text ,(tightlip--text))]))))
    (setq tightlip--tick tick)
    uri))

(defun tightlip--add-folder (connection)
  "Tell CONNECTION of this buffer's project, where the policy is."
  (when-let* ((file buffer-file-name)
              (project (and (not (file-remote-p file)) (project-current)))
              (root (directory-file-name (expand-file-name (project-root project))))
              (uri (tightlip--file-uri root)))
    (unless (member uri tightlip--folders)
      (push uri tightlip--folders)
      (jsonrpc-notify connection :workspace/didChangeWorkspaceFolders
                      `(:event (:added [(:uri ,uri :name ,(file-name-nondirectory root))] :removed []))))))

(defun tightlip--close ()
  "Tell the server that this buffer is closed, or has another name."
  (pcase-let ((`(,connection . ,uri) tightlip--open))
    (when (and connection (eq connection tightlip--connection) (jsonrpc-running-p connection))
      (jsonrpc-notify connection :textDocument/didClose `(:textDocument (:uri ,uri))))
    (setq tightlip--open nil tightlip--status nil)))

(defun tightlip--saved ()
  "Tell the server that this buffer was saved: a policy file is in force at once."
  (when-let ((connection (and tightlip--ready (tightlip--server))))
    (jsonrpc-notify connection :textDocument/didSave `(:textDocument (:uri ,(tightlip--sync connection))))))

;;;; Positions and edits

(defun tightlip--starts ()
  "Return where the lines of this widened buffer start.
The protocol counts lines so, Emacs knows one line end per buffer."
  (save-excursion
    (goto-char (point-min))
    (let ((starts (list (point-min))))
      (while (re-search-forward "\r\n?\\|\n" nil t) (push (point) starts))
      (vconcat (nreverse starts)))))

(defun tightlip--point (place starts)
  "Return the position of the protocol's PLACE, given the line STARTS."
  (let ((line (plist-get place :line)))
    (if (>= line (length starts))
        (point-max)
      (min (+ (aref starts line) (plist-get place :character)) (point-max)))))

(defun tightlip--place (position starts)
  "Return the protocol's place of POSITION, given the line STARTS."
  (let ((low 0) (high (1- (length starts))))
    (while (< low high)
      (let ((middle (/ (+ low high 1) 2)))
        (if (<= (aref starts middle) position) (setq low middle) (setq high (1- middle)))))
    (list :line low :character (- position (aref starts low)))))

(defun tightlip--range (beg end)
  "Return the protocol's range from BEG to END."
  (save-restriction
    (widen)
    (let ((starts (tightlip--starts)))
      (list :start (tightlip--place beg starts) :end (tightlip--place end starts)))))

(defun tightlip--apply (edit)
  "Make the workspace EDIT, or none of it."
  (let ((changes (append (plist-get edit :documentChanges) nil)))
    (dolist (change changes)
      (pcase-let* (((map :textDocument :edits) change)
                   ((map :uri :version) textDocument)
                   (buffer (or (tightlip--buffer uri) (find-file-noselect (tightlip--file uri)))))
        (with-current-buffer buffer
          (when (and version (/= version (buffer-chars-modified-tick)))
            (user-error "The text has changed meanwhile; try again"))
          (tightlip--replace (append edits nil)))
        (unless (get-buffer-window buffer) (display-buffer buffer))))))

(defun tightlip--replace (edits)
  "Make the text EDITS in this buffer, all or none."
  (save-excursion
    (save-restriction
      (widen)
      (let* ((starts (tightlip--starts))
             (places (mapcar (lambda (edit)
                               (pcase-let (((map :start :end) (plist-get edit :range)))
                                 (list (tightlip--point start starts) (tightlip--point end starts)
                                       (plist-get edit :newText))))
                             edits)))
        (atomic-change-group
          (pcase-dolist (`(,beg ,end ,text) (sort places (lambda (one other) (> (car one) (car other)))))
            (goto-char beg)
            (delete-region beg end)
            (insert text)))))))

;;;; Findings

(defun tightlip--diagnostics (items)
  "Return the server's ITEMS as Flymake's diagnostics."
  (save-restriction
    (widen)
    (let ((starts (tightlip--starts)))
      (mapcar (lambda (item)
                (pcase-let* (((map :range :message :severity :code) item)
                             ((map :start :end) range)
                             (beg (tightlip--point start starts))
                             (stop (max (tightlip--point end starts) (min (1+ beg) (point-max)))))
                  (flymake-make-diagnostic (current-buffer) beg stop
                                           (pcase severity (1 :error) (2 :warning) (_ :note))
                                           (concat "tightlip: " message) `((rule . ,code)))))
              items))))

(defun tightlip-flymake (report &rest _)
  "Check this buffer and give what is found to Flymake's REPORT."
  (setq tightlip--report report)
  (tightlip--check))

(defun tightlip--check ()
  "Check this buffer; what is found goes to the newest report function."
  (let ((connection (tightlip--server))
        (buffer (current-buffer)))
    (cond (tightlip--given-up (tightlip--tell :panic :explanation "no server runs"))
          ((> (buffer-size) tightlip--largest)
           (tightlip--tell (list (flymake-make-diagnostic buffer (point-min) (1+ (point-min)) :note
                                                          "tightlip: This buffer is too large and is not checked."))))
          ((and connection tightlip--ready)
           (let ((uri (tightlip--sync connection))
                 (tick tightlip--tick))
             (jsonrpc-async-request
              connection :textDocument/diagnostic `(:textDocument (:uri ,uri))
              :timeout 60
              :success-fn (lambda (result)
                            (when (buffer-live-p buffer)
                              (with-current-buffer buffer
                                (when (= tick (buffer-chars-modified-tick))
                                  (tightlip--tell (tightlip--diagnostics (plist-get result :items)))))))
              :error-fn #'ignore :timeout-fn #'ignore))))))

(defun tightlip--tell (findings &rest arguments)
  "Give FINDINGS and ARGUMENTS to Flymake in place of what it has of this buffer."
  (when (and tightlip--report flymake-mode (memq #'tightlip-flymake (flymake-running-backends)))
    (save-restriction
      (widen)
      (apply tightlip--report findings
             (or arguments (list :region (cons (point-min) (point-max))))))))

(defun tightlip--check-all ()
  "Check every buffer that Flymake has asked about."
  (dolist (buffer (tightlip--buffers))
    (with-current-buffer buffer
      (when tightlip--report (tightlip--check)))))

;;;; Commands

(defun tightlip--ask (method params)
  "Return the server's answer to METHOD with PARAMS about this buffer."
  (condition-case problem
      (jsonrpc-request (tightlip--here) method params :timeout 30)
    (jsonrpc-error (user-error "%s" (or (alist-get 'jsonrpc-error-message (cddr problem)) "The server did not answer")))))

(defun tightlip--here ()
  "Return the ready connection after it has this buffer's text."
  (let ((connection (tightlip--server))
        (end (+ (float-time) 20)))
    (while (and connection (not tightlip--ready) (jsonrpc-running-p connection) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless (and connection tightlip--ready)
      (user-error "%s" (or tightlip--given-up "The server does not answer; M-x tightlip-restart")))
    (tightlip--sync connection)
    connection))

(defun tightlip--run (command &optional range)
  "Run the server's COMMAND on this buffer, or on RANGE of it."
  (tightlip--ask :workspace/executeCommand
                 `(:command ,command :arguments [,(tightlip--uri) ,@(and range (list range))])))

(defun tightlip--chosen ()
  "Return the range of the region, or nil where there is none."
  (and (use-region-p) (tightlip--range (region-beginning) (region-end))))

(defun tightlip--actions ()
  "Return what can be done about the region or the finding at point."
  (append (tightlip--ask :textDocument/codeAction
                         `(:textDocument (:uri ,(tightlip--uri))
                           :range ,(or (tightlip--chosen) (tightlip--range (point) (point)))
                           :context (:diagnostics [])))
          nil))

(defun tightlip--do (action)
  "Do what the code ACTION says."
  (pcase-let (((map :edit :command) action))
    (when edit (tightlip--apply edit))
    (when command
      (tightlip--ask :workspace/executeCommand
                     (list :command (plist-get command :command) :arguments (plist-get command :arguments))))))

(defun tightlip-actions ()
  "Choose what to do about the finding at point, or about those in the region."
  (interactive)
  (let* ((actions (or (tightlip--actions) (user-error "No finding here")))
         (titles (mapcar (lambda (action) (plist-get action :title)) actions))
         (table (lambda (string predicate action)
                  (if (eq action 'metadata)
                      '(metadata (display-sort-function . identity))
                    (complete-with-action action titles string predicate))))
         (title (completing-read (format-prompt "What to do" (car titles)) table nil t nil nil (car titles))))
    (tightlip--do (nth (seq-position titles title) actions))))

(defun tightlip-redact ()
  "Redact the finding at point, or the findings in the region.
All of the region where nothing is found in it."
  (interactive)
  (if-let ((range (tightlip--chosen)))
      (tightlip--run "tightlip.redactSelection" range)
    (tightlip--do (or (seq-find (lambda (action) (plist-get action :isPreferred)) (tightlip--actions))
                      (user-error "No finding here; select what to redact")))))

(defun tightlip-redact-all ()
  "Redact every value in this buffer."
  (interactive)
  (tightlip--run "tightlip.redactDocument"))

(defun tightlip-restore ()
  "Put the values back in place of placeholders, in the region or in this buffer."
  (interactive)
  (pcase-let* (((map :restored :unknown) (tightlip--run "tightlip.restore" (tightlip--chosen))))
    (message "%s restored%s" restored
             (if (seq-empty-p unknown) "" (concat ", not known: " (mapconcat #'identity unknown " "))))))

(defun tightlip-copy ()
  "Put the redacted text of the region or this buffer on the kill ring.
Not that of a restricted file."
  (interactive)
  (tightlip--run "tightlip.copyRedacted" (tightlip--chosen)))

(defun tightlip-report ()
  "Show what is found in the open buffers."
  (interactive)
  (tightlip--run "tightlip.showReport"))

(defun tightlip--show (shown)
  "Show the text SHOWN in a buffer of its own."
  (pcase-let (((map :title :languageId :text) shown))
    (with-current-buffer (get-buffer-create (format "*%s*" title))
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert text)
        (goto-char (point-min)))
      (let ((mode (intern (concat languageId "-mode"))))
        (when (fboundp mode) (funcall mode)))
      (pop-to-buffer (current-buffer)))))

;;;; Modes

(defun tightlip--lighter ()
  "Return what the mode line says of this buffer."
  (pcase (plist-get tightlip--status :state)
    ("restricted" " tightlip:restricted")
    ("findings" (format " tightlip:%d" (plist-get tightlip--status :count)))
    (_ " tightlip")))

;;;###autoload
(define-minor-mode tightlip-mode
  "Mark what an assistant should not receive."
  :lighter (:eval (tightlip--lighter))
  (cond (tightlip-mode
         ;; Flymake's other checkers of this buffer stay as off as they were: one of them evaluates the macros of a file
         (if flymake-mode
             (add-hook 'flymake-diagnostic-functions #'tightlip-flymake nil t)
           (setq-local flymake-diagnostic-functions (list #'tightlip-flymake)))
         (add-hook 'after-save-hook #'tightlip--saved nil t)
         (add-hook 'kill-buffer-hook #'tightlip--close nil t)
         (if flymake-mode (flymake-start) (flymake-mode 1)))
        (t
         (tightlip--tell nil)
         (remove-hook 'flymake-diagnostic-functions #'tightlip-flymake t)
         (remove-hook 'after-save-hook #'tightlip--saved t)
         (remove-hook 'kill-buffer-hook #'tightlip--close t)
         (setq tightlip--report nil)
         (tightlip--close))))

(defun tightlip--stay ()
  "Stay among Flymake's checkers when Eglot replaces them."
  (when tightlip-mode
    (add-hook 'flymake-diagnostic-functions #'tightlip-flymake nil t)
    (flymake-start)))

(add-hook 'eglot-managed-mode-hook #'tightlip--stay)

(defun tightlip--turn-on ()
  "Turn `tightlip-mode' on where a person may write or paste what is sent later."
  (unless (or (minibufferp) (not enable-multibyte-characters) (string-prefix-p " " (buffer-name))
              (derived-mode-p 'special-mode 'image-mode 'doc-view-mode))
    (when (or buffer-file-name (derived-mode-p 'text-mode 'prog-mode 'conf-mode))
      (tightlip-mode))))

;;;###autoload
(define-globalized-minor-mode tightlip-global-mode tightlip-mode tightlip--turn-on
  :group 'tightlip)

(provide 'tightlip)
;;; tightlip.el ends here
