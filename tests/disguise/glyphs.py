"""Characters by their looks: one that looks alike, or the halves of one side by side."""

from __future__ import annotations

from random import Random

from tests.disguise.units import Units, hanzi_at, replaced

__all__ = ["lookalike", "split_glyphs"]

# Groups of characters that a hurried reader takes for one another.
_GROUPS = """
未末 己已巳 人入 土士 日曰 天夭夫 大太犬 千干于 王玉主 木本术 白百自 力刀 午牛 问间向 徽微薇 信倍 券卷 晴睛情 折拆析
很狠恨 兔免 拔拨 代伐 侯候 辨辩辫 贷货 贪贫 今令 住往佳 侍待 便使 仑仓 万方 户尸 西酉 历厉 厂广 风凤 鸟乌 师帅
兵乒乓 毛手 爪瓜 弋戈 戊戌戍 哀衷衰 幕慕墓 喝渴 清请青 跑炮泡 钱线浅 钓钩 铃铅 治冶 洒酒 没设 传转 科料 抢枪 抱饱
拍怕柏 提堤 换唤焕 技枝 扣和 抽油 拉位 找我 快块 绘给 红江 级极 购沟构 贴帖 账帐胀 顶项 须顺 颗棵 预顾 验险检 骗编
马鸟 加如 家冢 名各 吗妈 吧把 味昧 唯难 因困囚 国围 场扬肠 址扯 坏环怀 城诚 地她池 妹姝 姐组 始治 字宇 完宗 宝玉
客容 密蜜 寄奇 小少 尺尽 局居 市布 平乎 开井 店占 弄弃 彩采 得碍 成咸 思恩 性姓 慢漫 或成 所听 才寸 投没 持待 接妾
推堆 描猫 收攻 改玫 放效 数教 断继 新亲 无元 时对 明朋 是昰 更史 最晟 有冇 期朗 未朱 机杌 权杈 来束 杯坏 板扳 果呆
根很 标杯 样徉 检捡 欠久 次欢 款欵 正止 死列 母毋 比此 水永冰 求球 汇江 活话 流硫 海悔 消俏 淘掏 满瞒 源原 滚衮
火灭 点占 烂栏 烦顷 爆瀑 片斤 牌碑 物吻 特持 狗拘 猪诸 玩坑 现规 理埋 瑕暇 甲申由田 电申 男里 疗辽 病疒 痘豆 的旳
皮波 直真 目自 省肖 看着 眼银 石右 码妈 破波 确桷 礼札 神伸 票栗 私秋 税悦 秒妙 积识 穷究 空穴 站钻 等筹 算箕 米来
精情 糖塘 系糸 约钓 纯钝 终络 绝纯 统充 网同 罚罪 美羹 群郡 老考 者都 耳且 职识 联朕 肥肌 肯背 胖伴 能熊 脸睑 脑恼
自目 至到 舒野 色包 花化 药约 获荻 虚虑 蛋旦 行衍 补朴 表衷 装裂 见贝 规现 视祝 解触 言信 订钉 议义 让计 记纪 许汗
证征 评坪 诉诂 话活 该孩 语悟 说脱 课棵 谁堆 谢射 贝见 负贞 败贩 质盾 费贵 赔陪 赚谦 走定 赶越 起超 足是 路露 身射
车东 软轮 辆俩 边过 达迖 运远 返迈 还坏 这迟 进近 追迫 退腿 送关 选洗 递第 通诵 邮油 郎朗 配酏 里理 金全 针计 银很
错借 长张 门们 闭闲 防访 际标 陈东 限银 院完 除徐 险脸 隐稳 难准 零雷 露路 静净 面画 页贞 领颂 频濒 题提 额客 首着
香杳 骂驾 高亮 鬼兔 黑墨 默黔 齐济
"""
_LOOK: dict[str, set[str]] = {}
for _group in _GROUPS.split():
    for _one in _group:
        _LOOK.setdefault(_one, set()).update(set(_group) - {_one})

# Characters and their halves: the left one and the right one, or the upper and the lower one.
_HALVES = """
信亻言 加力口 好女子 你亻尔 们亻门 件亻牛 价亻介 行彳亍 付亻寸 他亻也 但亻旦 代亻弋 便亻更 保亻呆 做亻故 位亻立 假亻叚
低亻氐 作亻乍 住亻主 使亻吏 何亻可 化亻匕 仅亻又 说讠兑 评讠平 请讠青 话讠舌 语讠吾 证讠正 订讠丁 许讠午 认讠人 识讠只
试讠式 谁讠隹 该讠亥 诚讠成 让讠上 讨讠寸 议讠义 购贝勾 财贝才 败贝攵 钱钅戋 银钅艮 铁钅失 销钅肖 错钅昔 针钅十 铺钅甫
码石马 破石皮 研石开 确石角 扫扌彐 拍扌白 打扌丁 把扌巴 投扌殳 换扌奂 拉扌立 找扌戈 抽扌由 持扌寺 接扌妾 提扌是 推扌隹
抢扌仓 拒扌巨 据扌居 搜扌叟 描扌苗 抖扌斗 押扌甲 拼扌并 江氵工 没氵殳 法氵去 治氵台 消氵肖 淘氵匋 油氵由 活氵舌 洗氵先
清氵青 池氵也 酒氵酉 源氵原 红纟工 给纟合 级纟及 绝纟色 线纟戋 结纟吉 续纟卖 约纟勺 终纟冬 纯纟屯 细纟田 妈女马 她女也
奶女乃 妹女未 娘女良 姐女且 如女口 妙女少 吃口乞 吗口马 吧口巴 呢口尼 听口斤 味口未 喝口曷 咱口自 吹口欠 唯口隹 明日月
时日寸 晚日免 昨日乍 期其月 朋月月 胖月半 肥月巴 脸月佥 肚月土 脏月庄 林木木 机木几 样木羊 标木示 杯木不 板木反 相木目
极木及 根木艮 检木佥 概木既 权木又 种禾中 私禾厶 税禾兑 秒禾少 科禾斗 积禾只 租禾且 和禾口 利禾刂 程禾呈 移禾多 数娄攵
改己攵 故古攵 效交攵 政正攵 放方攵 删册刂 到至刂 别另刂 刻亥刂 则贝刂 列歹刂 动云力 功工力 劝又力 助且力 对又寸 难又隹
欢又欠 双又又 鸡又鸟 观又见 戏又戈 邮由阝 都者阝 郎良阝 院阝完 险阝佥 防阝方 除阝余 限阝艮 神礻申 社礻土 祝礻兄 福礻畐
补衤卜 初衤刀 情忄青 快忄夬 怕忄白 性忄生 慢忄曼 怪忄圣 忙忄亡 惨忄参 饭饣反 饱饣包 饿饣我 狗犭句 猪犭者 猫犭苗 独犭虫
狠犭艮 玩王元 现王见 理王里 球王求 玛王马 地土也 城土成 址土止 坏土不 块土夬 坑土亢 增土曾 群君羊 新亲斤 静青争 顶丁页
领令页 须彡页 额客页 欺其欠 次冫欠 冷冫令 准冫隹 决冫夬 减冫咸 净冫争 站立占 知矢口 短矢豆 眼目艮 瞎目害 睡目垂 软车欠
转车专 较车交 输车俞 职耳只 联耳关 聊耳卯 取耳又 配酉己 骗马扁 验马佥 炒火少 烦火页 烂火兰 烧火尧 炸火乍 爆火暴 略田各
张弓长 弹弓单 孩子亥 旧丨日 很彳艮 往彳主 待彳寺 律彳聿 征彳正 触角虫 粉米分 料米斗 糖米唐 精米青 颗果页 默黑犬
男田力 思田心 息自心 想相心 怒奴心 忘亡心 货化贝 费弗贝 资次贝 贷代贝 赞兟贝 架加木 李木子 岁山夕 告牛口 否不口 劣少力
省少目 卡上下 早日十 最日取 星日生 香禾日 音立日 全人王 会人云 分八刀 公八厶 美羊大 笔竹毛 花艹化 药艹约 薇艹微 草艹早
字宀子 安宀女 家宀豕 宝宀玉 客宀各 实宀头 空穴工 穷穴力 支十又 古十口 骂吅马 尘小土 买乛头 卖十买 票覀示 要覀女
"""
_SPLIT = {row[0]: row[1:] for row in _HALVES.split()}


def lookalike(units: Units, random: Random) -> Units | None:
    """One character for another that looks alike."""
    places = [k for k in hanzi_at(units) if units[k] in _LOOK]
    return replaced(units, {(k := random.choice(places)): random.choice(sorted(_LOOK[units[k]]))}) if places else None


def split_glyphs(units: Units, random: Random) -> Units | None:
    """All characters that fall into two halves, or one of them, as their halves."""
    places = [k for k in hanzi_at(units) if units[k] in _SPLIT]
    if not places:
        return None
    chosen = places if random.random() < 0.5 else [random.choice(places)]
    return replaced(units, {k: _SPLIT[units[k]] for k in chosen})
