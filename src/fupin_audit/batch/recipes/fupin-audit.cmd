@echo off
rem fupin-audit nightly check. Exit codes: 0 nothing, 1 findings, more: see the log folder.
chcp 65001 >nul
set PYTHONUTF8=1
"$program" batch run --quiet "$config"
if %errorlevel% equ 1 exit /b 0
exit /b %errorlevel%
