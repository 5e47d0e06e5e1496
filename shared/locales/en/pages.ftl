### The pages of residents, administrators and guards.

pages-not-built = The pages were not built. Run “cargo xtask web” where this program was built; if it is a release, build it anew afterwards.
