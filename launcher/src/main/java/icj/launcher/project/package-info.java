/// What is to be deployed: modules and folders with a canister.yaml.
@NullMarked
package icj.launcher.project;

import org.jspecify.annotations.NullMarked;
