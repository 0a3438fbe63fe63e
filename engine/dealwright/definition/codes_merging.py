"""The codes of what goes wrong where files are merged: parents, libraries, what is taken away or put in place."""

from __future__ import annotations

from dealwright.definition.code import Code, error
from dealwright.model.text import Text

MERGING: dict[str, Code] = {
    "unknown-parent": error(
        "form",
        Text("Parent that is not at hand", "找不到父流程"),
        Text(
            "`extends` names a process that no file has: neither beside this file, nor in the workspace's `processes/` "
            "or `processes/archive/`, nor among the bundled ones.",
            "`extends` 指定的流程没有对应的文件：本文件旁、工作区的 `processes/` 和 `processes/archive/` "
            "以及内置流程中都没有。",
        ),
    ),
    "unknown-library": error(
        "form",
        Text("Library that is not at hand", "找不到公共库"),
        Text(
            "`libraries` names one that no file has. Libraries are files `NAME.library.yaml` in the workspace's "
            "`libraries/`, or beside the process.",
            "`libraries` 指定的公共库没有对应的文件。公共库是工作区 `libraries/` 中或流程文件旁的 "
            "`NAME.library.yaml`。",
        ),
    ),
    "unknown-version": error(
        "form",
        Text("Version that is not there", "没有该版本"),
        Text(
            "The parent or library is there, but not in the version that is pinned. Keep old versions beside the new "
            "ones, in `archive/`; or pin a version that is there, and see what changed with `dealwright process diff`.",
            "父流程或公共库存在，但没有所固定的版本。请把旧版本保留在 `archive/` 中；或改为已有的版本，"
            "并用 `dealwright process diff` 查看变化。",
        ),
    ),
    "extends-cycle": error(
        "form",
        Text("Process that extends itself", "流程继承了自身"),
        Text(
            "Following `extends` from file to file leads back to one that was met already.",
            "沿着 `extends` 逐层查找，又回到了已经出现过的流程。",
        ),
    ),
    "extends-too-deep": error(
        "form",
        Text("Too many levels of parents", "继承层级过多"),
        Text(
            "A process may have up to 8 parents above it. Nobody can follow more: print the merged file with "
            "`dealwright process resolve` and go on from that.",
            "流程之上最多可有 8 层父流程。请用 `dealwright process resolve` 输出合并后的文件，并以此为起点。",
        ),
    ),
    "nothing-to-remove": error(
        "form",
        Text("Nothing there to take away", "没有可删除的内容"),
        Text(
            "`~` or `remove: true` takes away what a parent, library or company default brings, and none brings this: "
            "a slip, or the parent changed.",
            "`~` 或 `remove: true` 用于删除父流程、公共库或公司默认值带来的内容，而这里没有："
            "可能是笔误，或父流程已有变化。",
        ),
    ),
    "unknown-neighbour": error(
        "form",
        Text("Neighbour that is not there", "没有该相邻项"),
        Text(
            "`after` and `before` put a stage or branch beside one that the parent has, and there is none of that id.",
            "`after` 和 `before` 把阶段或分支放在已有项的旁边，而这里没有该标识的项。",
        ),
    ),
    "unknown-reasons": error(
        "form",
        Text("List of reasons that is not at hand", "找不到原因清单"),
        Text(
            "`reasons: {use: NAME}` takes a list out of a library's `reasons:`, and none of the libraries has it.",
            "`reasons: {use: NAME}` 取用公共库 `reasons:` 中的清单，而各公共库中都没有。",
        ),
    ),
    "lock-mismatch": error(
        "form",
        Text("Content that changed under its version", "同一版本的内容已改变"),
        Text(
            "`dealwright.lock` remembers what this version of the parent or library said, and it says something else "
            "now. Give the changed file a new version and pin that; if the change is meant for everyone who uses this "
            "version, run `dealwright process lock`.",
            "`dealwright.lock` 记录了父流程或公共库该版本的内容，而现在的内容不同。请给改动后的文件新的版本号，"
            "并改用新版本；若改动确实应对所有使用者生效，请运行 `dealwright process lock`。",
        ),
    ),
}
