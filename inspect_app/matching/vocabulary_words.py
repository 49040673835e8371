"""Words that are not names: colours, kinds of things, model words that are equal, and words that say nothing."""

from __future__ import annotations

from typing import Final

# Colour families and the words for them. A shade that stands between two families is in both.
COLOURS: Final = """
black: 黑, 黑色, 亮黑, 磨砂黑, 深空黑, 曜石黑, 哑光黑, 午夜色, 墨黑, 纯黑, 酷黑, 幻夜黑, black, blk
black: matte black, midnight
white: 白, 白色, 象牙白, 珍珠白, 亮白, 纯白, 米白, 奶白, 陶瓷白, 雪域白, white, whi, wht, pearl white, ivory
grey: 灰, 灰色, 深灰, 浅灰, 深空灰, 太空灰, 铁灰, 水泥灰, 钛灰, grey, gray, gry, space gray, space grey
grey: graphite, 石墨色, dgr
silver: 银, 银色, 亮银, 雅川银, silver, sil, slv
silver grey: 银灰, 银灰色, 钛金属, 原色钛, 钛色, titanium
silver white: 银白, 银白色
red: 红, 红色, 大红, 中国红, 朱红, 玫红, 深红, 酒红, 酒红色, 暗红, red, burgundy, crimson
red brown: 枣红, mrn, maroon
blue: 蓝, 蓝色, 天蓝, 远峰蓝, 深蓝, 浅蓝, 宝蓝, 海蓝, 湖蓝, 藏青, 冰川蓝, 海军蓝, blue, blu, dbl, lbl, navy
blue: navy blue, sky blue
blue green: 青, 青色, 蓝绿, 青绿, turquoise, trq, teal, cyan
green: 绿, 绿色, 墨绿, 军绿, 深绿, 浅绿, 草绿, 松岭青, 雅川青, 苍岭绿, green, grn, lgr, olive, army green
yellow: 黄, 黄色, 柠檬黄, 明黄, yellow, yel
orange: 橙, 橙色, 橘色, 桔色, 橘红, orange, ong
gold: 金色, 金, 香槟金, 土豪金, 玫瑰金, 流沙金, 沙金, gold, gld, champagne, champagne gold, rose gold
purple: 紫, 紫色, 暗紫, 深紫, 浅紫, 罗兰紫, 薰衣草紫, purple, ple, violet, lavender
pink: 粉, 粉色, 粉红, 樱花粉, 浅粉, pink, pnk
brown: 棕, 棕色, 褐色, 咖啡色, 咖色, 深棕, brown, brn, coffee
brown yellow: 米色, 米黄, 驼色, 卡其, 卡其色, beige, bge, cream, crm, tan, khaki
"""

# Kinds of things: the code of the category, then what people call it. All of these are noise in a model name.
KINDS_OF_THINGS: Final = """
ebike: 电动自行车, 两轮电动车, 电动车, 电瓶车, 电单车, 电动摩托车, 电摩, 电自行车, e-bike, ebike
ebike: electric bike, electric bicycle
bicycle: 自行车, 单车, 脚踏车, 山地车, 公路车, 折叠车, bicycle, bike
motorcycle: 摩托车, motorcycle, motorbike
phone: 智能手机, 手机一部, 手机, 移动电话, smartphone, mobile phone, cell phone, phone
tablet: 平板电脑, 平板, tablet
laptop: 笔记本电脑, 手提电脑, 笔记本, 电脑, laptop, notebook computer, notebook
camera: 单反相机, 数码相机, 微单相机, 微单, 单反, 相机, 照相机, camera, dslr
watch: 机械表, 手表, 腕表, wristwatch, watch
jewellery: 金饰, 首饰, 饰品, 黄金首饰, 珠宝, jewellery, jewelry
liquor: 白酒, 酒, liquor, baijiu
tobacco: 卷烟, 香烟, 烟, cigarettes
battery: 蓄电池, 电瓶, 电池组, 电池, 锂电池, battery
cable: 废铜线, 铜线, 电缆线, 电缆, 电线, 铜芯, 铜, cable
tool: 电动工具, 电钻, 冲击钻, 电锤, 角磨机, 手电钻, 工具, power tool, drill
"""

# What is told about the theft or the count, and says nothing about the thing.
STOP_PHRASES: Final = """
楼下停放的, 家中被盗, 店内被盗, 门口被盗, 停放的, 被盗的, 被盗, 失窃, 丢失, 停放, 楼下, 家中, 店内, 门口,
一部, 一台, 一辆, 一个, 一块, 一只, 一条, 一箱, 一批, 一组, 一件, 两部, 两台, 两辆, 牌, 型号, 品牌, 颜色, 型,
款, 代, 版, 平方, 第,
stolen, from, with, and, the, for, pcs
"""

# Model words that mean the same, each line one meaning. The first is kept.
MODEL_WORDS: Final = """
pro max: promax, pm
pro: pr
legion: 拯救者
xiaoxin: 小新
omen: 暗影精灵
tianxuan: 天选
zenbook: 灵耀
vivobook: 无畏
probook: 战66
seamaster: 海马
speedmaster: 超霸
constellation: 星座
deville: 碟飞
conquest: 康铂, 康卡斯
master: 名匠
lelocle: 力洛克, le locle
prx: prx超薄
submariner: 潜航者, 水鬼, 黑水鬼, 绿水鬼
datejust: 日志
daytona: 迪通拿
daydate: 星期日历, day-date
gshock: g-shock, 卡西欧g
mavic: 御
necklace: 足金项链, 金项链, 项链
ring: 足金戒指, 金戒指, 戒指
bracelet: 足金手镯, 黄金手镯, 金手镯, 手镯
handchain: 足金手链, 金手链, 手链
earring: 足金耳环, 金耳环, 耳环, 金耳钉, 耳钉
pendant: 足金吊坠, 金吊坠, 吊坠
hard: 硬盒, 硬包, 硬
soft: 软盒, 软包, 软
mark: mk
a7m: ilce-7m
ah: 安
8: 八
5: 五
9: 九
6: 六
7: 七
"""

# A piece of a description with one of these tells of a mark: engraved, pasted, broken, wrapped, added.
MARK_CUES: Final = (
    "刻 写 贴 裂 破 断 碎 缺 划 痕 凹 掉 脱落 松动 缠 加装 改装 换 挂 配 磨损 生锈 锈 水浸 压坏 烧 补 喷 涂 印 纹 轮毂 "
    "engrav scratch sticker crack broken dent missing worn custom initials"
)
