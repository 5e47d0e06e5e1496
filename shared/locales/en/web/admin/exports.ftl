export-stop = { $size } kB so far, stop
export-goes = The table is on its way
export-csv = Download as a table (CSV)
