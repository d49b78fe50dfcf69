// What shows all records again where a query finds none or can't be read.

import { Button } from "@/components/Button";

export function ClearQuery({ onQuery }: { onQuery: (query: string) => void }) {
  return <Button onPress={() => onQuery("")}>Clear the query</Button>;
}
