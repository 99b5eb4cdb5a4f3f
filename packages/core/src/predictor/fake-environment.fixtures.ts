export { FakeEnvironment, settled } from "../testing/fake-environment.ts";
