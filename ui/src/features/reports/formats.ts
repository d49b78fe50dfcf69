// The document formats a report can be written in.

export const FORMATS = [
  { id: "pdf", title: "PDF", about: "To read, print and hand over" },
  { id: "xlsx", title: "Excel (XLSX)", about: "One sheet a section" },
  { id: "csv", title: "CSV", about: "Figures and findings as rows" },
  { id: "json", title: "JSON", about: "Everything, for programs" },
  { id: "html", title: "HTML", about: "One page without scripts" },
] as const;

export type FormatName = (typeof FORMATS)[number]["id"];
