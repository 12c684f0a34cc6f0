/** The question each family answers, in the order of the documentation. */
export const familyQuestions: Readonly<Record<string, string>> = {
  dockerignore: "Does every module that the image's start-up imports really get into the image?",
  placeholders: "Is a template placeholder left in a file that is deployed as it is?",
  secrets: "Does every secret and required variable reach the process that needs it, in that environment?",
  drift: "What waits, and what would be rolled back, between branches and what is deployed?",
  "startup-order": "Is anything started, checked or awaited before what it needs?",
  config: "Do values, hosts and flags agree across code, manifests and infrastructure?",
  migrations: "Is the migration graph sound, and safe for the data that is there?",
  checklist: "Is the deploy checklist of the release done?",
  suppressions: "Does every suppression still suppress something, for a stated reason?",
};
