;;; page.el --- The configuration that the page gives for Eglot  -*- lexical-binding: t; -*-

(load (drive-given 'snippet) nil t t)
(require 'eglot)
(apply #'eglot (eglot--guess-contact))
(drive-wait "eglot" #'eglot-managed-p)
(drive-saw 'found (drive-count 1))
