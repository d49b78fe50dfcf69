// The screens and their addresses.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Broken } from "@/app/Broken";
import { NotFound } from "@/app/NotFound";
import { Shell } from "@/app/Shell";
import {
  approvalsSearch,
  checksSearch,
  coverageSearch,
  importsSearch,
  overviewSearch,
  redactionSearch,
  replaySearch,
  reportSearch,
  runSearch,
  samplesSearch,
  tabSearch,
  trailSearch,
  usageSearch,
} from "@/app/search";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const screens = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    validateSearch: overviewSearch,
    component: lazyRouteComponent(() => import("@/features/overview/OverviewScreen"), "OverviewScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/trail",
    validateSearch: trailSearch,
    component: lazyRouteComponent(() => import("@/features/trail/TrailScreen"), "TrailScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/trail/samples",
    validateSearch: samplesSearch,
    component: lazyRouteComponent(() => import("@/features/trail/SamplesScreen"), "SamplesScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/trail/samples/$sample",
    component: lazyRouteComponent(() => import("@/features/trail/SampleScreen"), "SampleScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/trail/coverage",
    validateSearch: coverageSearch,
    component: lazyRouteComponent(() => import("@/features/trail/CoverageScreen"), "CoverageScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/trail/usage",
    validateSearch: usageSearch,
    component: lazyRouteComponent(() => import("@/features/trail/UsageScreen"), "UsageScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/deployments",
    component: lazyRouteComponent(
      () => import("@/features/deployments/DeploymentsScreen"),
      "DeploymentsScreen",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/deployments/$name",
    validateSearch: tabSearch,
    component: lazyRouteComponent(
      () => import("@/features/deployments/DeploymentScreen"),
      "DeploymentScreen",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/redaction",
    validateSearch: redactionSearch,
    component: lazyRouteComponent(() => import("@/features/redaction/RedactionScreen"), "RedactionScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/replay",
    validateSearch: replaySearch,
    component: lazyRouteComponent(() => import("@/features/replay/ReplayScreen"), "ReplayScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/replay/$run",
    validateSearch: runSearch,
    component: lazyRouteComponent(() => import("@/features/replay/RunScreen"), "RunScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/checks",
    validateSearch: checksSearch,
    component: lazyRouteComponent(() => import("@/features/checks/ChecksScreen"), "ChecksScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/checks/$finding",
    component: lazyRouteComponent(() => import("@/features/checks/FindingScreen"), "FindingScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/reports",
    validateSearch: reportSearch,
    component: lazyRouteComponent(() => import("@/features/reports/ReportsScreen"), "ReportsScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/evidence",
    validateSearch: tabSearch,
    component: lazyRouteComponent(() => import("@/features/evidence/EvidenceScreen"), "EvidenceScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/approvals",
    validateSearch: approvalsSearch,
    component: lazyRouteComponent(() => import("@/features/approvals/ApprovalsScreen"), "ApprovalsScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/imports",
    validateSearch: importsSearch,
    component: lazyRouteComponent(() => import("@/features/imports/ImportsScreen"), "ImportsScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/retention",
    validateSearch: tabSearch,
    component: lazyRouteComponent(() => import("@/features/retention/RetentionScreen"), "RetentionScreen"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings",
    validateSearch: tabSearch,
    component: lazyRouteComponent(() => import("@/features/settings/SettingsScreen"), "SettingsScreen"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(screens),
  defaultPreload: false,
  // Records never change under the window's feet, and answers are cached by their question.
  defaultPendingMs: 300,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
