import { expect, test } from "vitest";
import { typeName, typeTitle } from "@/features/redaction/entityTypes";

test("types are written as people write them", () => {
  const check = (entityType: string, inText: string, alone: string) => {
    expect([typeTitle(entityType), typeName(entityType)]).toEqual([inText, alone]);
  };
  check("EMAIL_ADDRESS", "email address", "Email address");
  check("AU_TFN", "AU TFN", "AU TFN");
  check("IN_AADHAAR", "IN Aadhaar", "IN Aadhaar");
  check("US_DRIVER_LICENSE", "US driver license", "US driver license");
  check("GITHUB_TOKEN", "GitHub token", "GitHub token");
  check("SLACK_WEBHOOK_SECRET", "Slack webhook secret", "Slack webhook secret");
  check("HUGGING_FACE_TOKEN", "Hugging Face token", "Hugging Face token");
  check("NPM_TOKEN", "npm token", "npm token");
  check("API_KEY", "API key", "API key");
  check("PRIVATE_KEY", "private key", "Private key");
  check("IP_ADDRESS", "IP address", "IP address");
  check("DATE_TIME", "date or time", "Date or time");
  check("NRP", "nationality, religion or politics", "Nationality, religion or politics");
  check("PROJECT_NAME", "project name", "Project name");
});
