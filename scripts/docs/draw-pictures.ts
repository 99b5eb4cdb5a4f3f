import { writePictures } from "./strategy-pictures.ts";

// `pnpm docs:pictures`
writePictures();
