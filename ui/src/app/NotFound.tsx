// An address that no screen has.

import { Link } from "@tanstack/react-router";
import { Empty } from "@/components/States";

export function NotFound() {
  return (
    <Empty title="There is no such screen">
      <Link to="/" className="text-accent underline">
        Go to the overview
      </Link>
    </Empty>
  );
}
