// An address that no screen has.

import { Link } from "@tanstack/react-router";
import { Page } from "@/components/Page";

export function NotFound() {
  return (
    <Page title="There is no such screen">
      <Link to="/" className="text-accent underline">
        Go to the overview
      </Link>
    </Page>
  );
}
